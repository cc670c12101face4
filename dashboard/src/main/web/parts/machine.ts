import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { Poll } from '../core/poll.ts';
import { number, t } from '../core/text.ts';
import { View } from '../core/view.ts';

interface Figures {
  cores: number;
  load: number | null;
  memory_bytes: number;
  memory_used_bytes: number;
}

const POLL_MILLIS = 3000;
const KEPT = 40;
const gigabytes = (bytes: number): string => number(bytes / 1e9, { maximumFractionDigits: 1 });

// How busy the machine is, now and a moment ago.
@customElement('luthier-machine')
export class Machine extends View {
  @state() private now: Figures | undefined;
  private loads: number[] = [];
  private readonly poll = new Poll(async () => {
    const now = await get<Figures>('/internal/ui/machine');
    if (now.load !== null) this.loads = [...this.loads, now.load].slice(-KEPT);
    this.now = now;
  }, POLL_MILLIS);

  override connectedCallback(): void {
    super.connectedCallback();
    this.poll.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { now } = this;
    if (!now) return nothing;
    const { memory_bytes: all, memory_used_bytes: used } = now;
    const load = now.load === null ? '–' : number(now.load, { style: 'percent', maximumFractionDigits: 0 });
    return html`<dl class="machine" aria-label=${t('machine.title')}>
      <div><dt>${t('machine.processor')}</dt>
        <dd>${this.line()}<span class="number" title=${t('machine.cores', { n: now.cores })}>${load}</span></dd></div>
      <div><dt>${t('machine.memory')}</dt>
        <dd><progress max=${all} .value=${used} aria-hidden="true"></progress><span class="number">${t('machine.of', { used: gigabytes(used), all: gigabytes(all) })}</span></dd></div>
    </dl>`;
  }

  private line(): TemplateResult | typeof nothing {
    if (this.loads.length < 2) return nothing;
    const points = this.loads.map((load, i) => `${(60 - (this.loads.length - 1 - i) * 1.5).toFixed(1)},${(17 - load * 16).toFixed(1)}`).join(' ');
    return html`<svg class="spark" viewBox="0 0 60 18" width="60" height="18" aria-hidden="true">${svg`<polyline points=${points} />`}</svg>`;
  }
}
