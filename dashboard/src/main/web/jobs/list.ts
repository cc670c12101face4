import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { age, foreign, t } from '../core/text.ts';
import { ended, type JobSummary } from '../core/types.ts';
import { View } from '../core/view.ts';

const FILTERS = ['all', 'running', 'succeeded', 'failed'] as const;
type Filter = (typeof FILTERS)[number];

/** Rows are of one height, so that only those in sight are drawn. */
const ROW_HEIGHT = 58;
const SPARE_ROWS = 8;
const SPARKLINES_AT_ONCE = 50;

@customElement('luthier-job-list')
export class JobList extends View {
  @property({ attribute: false }) jobs: JobSummary[] = [];
  @property() selected = '';
  @state() private filter: Filter = 'all';
  @state() private search = '';
  @state() private top = 0;
  @state() private height = 700;
  private readonly losses = new Map<string, { step: number; points: number[] }>();
  private asking = false;

  protected override render(): TemplateResult {
    const shown = this.jobs.filter((job) => this.fits(job));
    return html`<section class="job-list" aria-label=${t('jobs.list')}>
      <div class="list-tools">
        <input type="search" aria-label=${t('jobs.search')} placeholder=${t('jobs.search')} @input=${this.typed} />
        <div role="group" aria-label=${t('jobs.filter')} class="filters">
          ${FILTERS.map(
            (filter) => html`<button aria-pressed=${String(this.filter === filter)}
              @click=${() => (this.filter = filter)}>${t(`jobs.filter.${filter}`)}</button>`,
          )}
        </div>
      </div>
      ${shown.length === 0 ? html`<p class="empty">${t('jobs.noneFits')}</p>` : this.rows(shown)}
    </section>`;
  }

  private rows(shown: JobSummary[]): TemplateResult {
    const first = Math.max(0, Math.floor(this.top / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(shown.length, Math.ceil((this.top + this.height) / ROW_HEIGHT) + SPARE_ROWS);
    // Spacers by the attribute `height` of pictures: a style attribute would break the policy.
    const space = (rows: number): TemplateResult | typeof nothing =>
      rows > 0 ? html`<svg class="space" aria-hidden="true" width="1" height=${rows * ROW_HEIGHT}></svg>` : nothing;
    return html`<div class="scroll" @scroll=${this.scrolled}>
      ${space(first)}
      <ul class="rows">${shown.slice(first, last).map((job, at) => this.row(job, first + at, shown.length))}</ul>
      ${space(shown.length - last)}
    </div>`;
  }

  private readonly scrolled = (event: Event): void => {
    const box = event.currentTarget as HTMLElement;
    this.top = box.scrollTop;
    this.height = box.clientHeight;
  };

  protected override updated(_: PropertyValues): void {
    const box = this.querySelector('.scroll');
    if (box && box.clientHeight !== this.height) this.height = box.clientHeight;
    void this.askForLosses();
  }

  /** The curves of the rows in sight, each once, and again while its job goes on. */
  private async askForLosses(): Promise<void> {
    if (this.asking) return;
    const seen = [...this.querySelectorAll<HTMLElement>('.row')].map((row) => row.dataset.job);
    const wanted = this.jobs.filter(
      (job) => seen.includes(job.id) && job.step > 0 && (this.losses.get(job.id)?.step ?? -1) !== job.step,
    );
    if (wanted.length === 0) return;
    this.asking = true;
    try {
      const some = wanted.slice(0, SPARKLINES_AT_ONCE);
      const found = await get<Record<string, number[]>>('/internal/ui/sparklines?ids=' + some.map((job) => job.id).join());
      for (const job of some) this.losses.set(job.id, { step: job.step, points: found[job.id] ?? [] });
      this.requestUpdate();
    } catch {
      // A list without curves is still a list; the next look asks again.
    } finally {
      this.asking = false;
    }
  }

  private typed(event: Event): void {
    this.search = (event.target as HTMLInputElement).value.trim().toLowerCase();
  }

  private fits(job: JobSummary): boolean {
    const inFilter =
      this.filter === 'all' || (this.filter === 'running' ? !ended(job.status) : job.status === this.filter);
    const words = [job.id, job.model, job.suffix ?? '', job.fine_tuned_model ?? ''].join(' ').toLowerCase();
    return inFilter && words.includes(this.search);
  }

  private row(job: JobSummary, at: number, size: number): TemplateResult {
    return html`<li aria-posinset=${at + 1} aria-setsize=${size}>
      <a class="row" data-job=${job.id} href=${'#/jobs/' + job.id} aria-current=${this.selected === job.id ? 'true' : nothing}>
        <span class=${'dot ' + job.status}></span>
        <span class="row-name">${foreign(job.suffix ?? job.model)}</span>
        <span class="row-age">${age(job.created_at)}</span>
        <span class="row-state">${t(`status.${job.status}`)}${this.progress(job)}${job.suffix ? html` · <bdi>${job.model}</bdi>` : nothing}</span>
        ${sparkline(this.losses.get(job.id)?.points ?? [])}
      </a>
    </li>`;
  }

  private progress(job: JobSummary): TemplateResult | typeof nothing {
    if (job.status === 'running' && job.total_steps) {
      return html` · <bdi class="number">${job.step}/${job.total_steps}</bdi>`;
    }
    if (!job.place) return nothing;
    return html` · <span class="number">${t('jobs.position', { n: job.place })}</span>`;
  }
}

/** A loss as a small line. */
export function sparkline(points: number[]): TemplateResult | typeof nothing {
  if (points.length < 2) return nothing;
  const most = Math.max(...points);
  const least = Math.min(...points);
  const path = points
    .map((loss, i) => `${((i / (points.length - 1)) * 58 + 1).toFixed(1)},${(17 - ((loss - least) / (most - least || 1)) * 16).toFixed(1)}`)
    .join(' ');
  return html`<svg class="spark" viewBox="0 0 60 18" width="60" height="18" aria-hidden="true">
    ${svg`<polyline points=${path} />`}
  </svg>`;
}
