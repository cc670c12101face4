import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get, post, send } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { Poll } from '../core/poll.ts';
import { link } from '../core/route.ts';
import { bytes, duration, foreign, number, t } from '../core/text.ts';
import type { Listing } from '../core/types.ts';
import { View } from '../core/view.ts';

interface Fetching {
  stage: 'waiting' | 'fetching' | 'unpacking' | 'importing';
  file: string;
  done: number;
  total: number;
  bytes_per_second: number;
}

interface Base {
  id: string;
  family: string;
  licence: string;
  source: string;
  bytes: number;
  state: 'present' | 'fetching' | 'absent';
  fetching: Fetching | null;
  fetched_bytes: number;
  failure: string | null;
}

const BASES = '/internal/ui/bases';
const POLL_MILLIS = 1000;
/** While nothing is fetched here: another page, or the command line, may begin. */
const QUIET_MILLIS = 10_000;

// The bases that are here and those that can be had; fires `arrived` when one has come.
@customElement('luthier-bases')
export class Bases extends View {
  @state() private bases: Base[] | undefined;
  @state() private wrong: TemplateResult | string = '';
  private asked = 0;
  private readonly poll = new Poll(async () => {
    const busy = this.bases?.some((base) => base.state === 'fetching');
    if (busy || Date.now() - this.asked >= QUIET_MILLIS) await this.ask();
  }, POLL_MILLIS);

  override connectedCallback(): void {
    super.connectedCallback();
    this.poll.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  private async ask(): Promise<void> {
    this.take((await get<Listing<Base>>(BASES)).data);
  }

  private take(bases: Base[]): void {
    const here = (all: Base[] | undefined): number => all?.filter((base) => base.state === 'present').length ?? 0;
    const arrived = this.bases !== undefined && here(bases) > here(this.bases);
    this.asked = Date.now();
    this.bases = bases;
    if (arrived) this.dispatchEvent(new Event('arrived', { bubbles: true }));
  }

  protected override render(): TemplateResult {
    return html`<section aria-labelledby="bases-title">
      <h2 id="bases-title">${t('bases.title')}</h2>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.bases === undefined
        ? html`<p class="loading">${t('app.loading')}</p>`
        : html`<div class="table-box card stacked"><table>
            <thead><tr>
              <th scope="col">${t('models.name')}</th><th scope="col">${t('bases.licence')}</th><th scope="col" class="number">${t('bases.size')}</th>
              <th scope="col">${t('bases.state')}</th><th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
            </tr></thead>
            <tbody>${this.bases.map((base) => this.line(base))}</tbody>
          </table></div>`}
    </section>`;
  }

  private line(base: Base): TemplateResult {
    const name = html`<span class="visually-hidden"> ${foreign(base.id)}</span>`;
    const size = base.state === 'present' ? bytes(base.bytes) : t('jobs.about', { time: bytes(base.bytes) });
    return html`<tr data-base=${base.id}>
      <td><code class="name">${foreign(base.id)}</code><div class="hint source">${foreign(base.source)}</div></td>
      <td>${foreign(base.licence || '–')}</td>
      <td class="number">${size}</td>
      <td class="base-state">${this.state(base)}</td>
      <td class="row-actions">${this.actions(base, name)}</td>
    </tr>`;
  }

  private state(base: Base): TemplateResult {
    if (base.state === 'present') return html`${t('bases.present')}`;
    const { fetching: now } = base;
    if (now) {
      const share = now.total ? now.done / now.total : 0;
      return html`<div>${t(`bases.${now.stage}`)} <bdi dir="ltr">${now.file}</bdi></div>
        <progress aria-label=${t('bases.progress', { name: base.id })} max="1" .value=${share}></progress>
        <div class="hint number">${now.total ? t('bases.of', { done: bytes(now.done), all: bytes(now.total), share: number(share, { style: 'percent' }) }) : nothing}
          ${now.bytes_per_second ? html` · ${t('bases.speed', { speed: bytes(now.bytes_per_second), left: duration((now.total - now.done) / now.bytes_per_second) })}` : nothing}</div>`;
    }
    return html`${base.fetched_bytes ? t('bases.stopped', { size: bytes(base.fetched_bytes) }) : t('bases.absent')}
      ${base.failure ? html`<div class="complaint">${t('bases.failed')} ${english(base.failure)}</div>` : nothing}`;
  }

  private actions(base: Base, name: TemplateResult): TemplateResult {
    switch (base.state) {
      case 'present':
        return html`<a class="button small" href=${link('jobs', 'new', { model: base.id })}>${t('bases.train')}${name}</a>
          <a class="button small" href=${link('playground', '', { models: base.id })}>${t('job.playground')}${name}</a>`;
      case 'fetching':
        return html`<button class="small" @click=${() => void this.change(base, 'DELETE')}>${t('bases.stop')}${name}</button>`;
      case 'absent':
        return html`<button class="small" @click=${() => void this.change(base, 'POST')}>${t(base.fetched_bytes ? 'batch.goOn' : 'bases.fetch')}${name}</button>`;
    }
  }

  private async change(base: Base, method: 'POST' | 'DELETE'): Promise<void> {
    this.wrong = '';
    const path = `${BASES}/${encodeURIComponent(base.id)}/download`;
    try {
      const listing = method === 'POST' ? await post<Listing<Base>>(path) : ((await (await send(path, { method })).json()) as Listing<Base>);
      this.take(listing.data);
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }
}
