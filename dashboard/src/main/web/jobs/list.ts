import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { age, foreign, t } from '../core/text.ts';
import { ended, type JobSummary } from '../core/types.ts';
import { View } from '../core/view.ts';

const FILTERS = ['all', 'running', 'succeeded', 'failed'] as const;
type Filter = (typeof FILTERS)[number];

@customElement('luthier-job-list')
export class JobList extends View {
  @property({ attribute: false }) jobs: JobSummary[] = [];
  @property() selected = '';
  @state() private filter: Filter = 'all';
  @state() private search = '';

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
      ${shown.length === 0
        ? html`<p class="empty">${t(this.jobs.length === 0 ? 'jobs.none' : 'jobs.noneFits')}</p>`
        : html`<ul class="rows">${repeat(shown, (job) => job.id, (job) => this.row(job))}</ul>`}
    </section>`;
  }

  private typed(event: Event): void {
    this.search = (event.target as HTMLInputElement).value.trim().toLowerCase();
  }

  private fits(job: JobSummary): boolean {
    const inFilter =
      this.filter === 'all' ||
      (this.filter === 'running' ? !ended(job.status) : job.status === this.filter);
    const words = [job.id, job.model, job.suffix ?? '', job.fine_tuned_model ?? ''].join(' ').toLowerCase();
    return inFilter && words.includes(this.search);
  }

  private row(job: JobSummary): TemplateResult {
    return html`<li>
      <a class="row" href=${'#/jobs/' + job.id} aria-current=${this.selected === job.id ? 'true' : nothing}>
        <span class=${'dot ' + job.status}></span>
        <span class="row-name">${foreign(job.suffix ?? job.model)}</span>
        <span class="row-age">${age(job.created_at)}</span>
        <span class="row-state">${t(`status.${job.status}`)}${job.status === 'running' && job.total_steps
            ? html` <span class="number">${job.step}/${job.total_steps}</span>`
            : nothing}</span>
      </a>
    </li>`;
  }
}
