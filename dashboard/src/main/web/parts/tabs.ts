import { html, nothing, type TemplateResult } from 'lit';

export interface Tab {
  id: string;
  name: string;
  count?: number;
}

/** A row of tabs; arrow keys go from one to the next. The panel is the caller's, with id `panel`. */
export function tabs(label: string, all: Tab[], chosen: string, choose: (id: string) => void): TemplateResult {
  const moved = (event: KeyboardEvent): void => {
    const forward = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
    const here = all.findIndex((tab) => tab.id === chosen);
    const there = event.key === forward ? here + 1 : event.key === back ? here - 1 : event.key === 'Home' ? 0 : event.key === 'End' ? all.length - 1 : here;
    const next = all[(there + all.length) % all.length];
    if (next && next.id !== chosen) {
      event.preventDefault();
      choose(next.id);
      const list = event.currentTarget as Element;
      requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
    }
  };
  return html`<div role="tablist" class="tabs" aria-label=${label} @keydown=${moved}>
    ${all.map(
      (tab) => html`<button role="tab" id=${'tab-' + tab.id} aria-controls="panel" aria-selected=${String(tab.id === chosen)}
        tabindex=${tab.id === chosen ? 0 : -1} @click=${() => choose(tab.id)}>${tab.name}${tab.count
          ? html` <span class="count number">${tab.count}</span>`
          : nothing}</button>`,
    )}
  </div>`;
}
