import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { post } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { clockTime, foreign, number, t } from '../core/text.ts';
import type { JobSummary } from '../core/types.ts';
import { View } from '../core/view.ts';
import { place } from './queue.ts';

const SHOWN = 5;

// What runs and what waits for it, in order, with the time at which it is expected to begin. Fires
// `moved` when a job was put first.
@customElement('luthier-lane')
export class Lane extends View {
  @property({ attribute: false }) jobs: JobSummary[] = [];
  @state() private wrong: TemplateResult | string = '';

  protected override render(): TemplateResult | typeof nothing {
    const running = this.jobs.filter((job) => job.status === 'running');
    const waiting = this.jobs.filter((job) => job.place).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    if (waiting.length === 0) return nothing;
    return html`<section class="lane card" aria-label=${t('lane.title')}>
      <h2>${t('lane.title')}</h2>
      <ol>
        ${running.map((job) => html`<li><span class="dot running"></span>${this.name(job)}
          <span class="hint">${t('status.running')}${job.estimated_finish ? html` · ${t('lane.until', { time: clockTime(job.estimated_finish) })}` : nothing}</span></li>`)}
        ${waiting.slice(0, SHOWN).map((job) => this.line(job))}
        ${waiting.length > SHOWN ? html`<li class="hint">${t('lane.more', { n: waiting.length - SHOWN })}</li>` : nothing}
      </ol>
      <p role="alert" class="complaint">${this.wrong}</p>
    </section>`;
  }

  private name(job: JobSummary): TemplateResult {
    return html`<a href=${'#/jobs/' + job.id}>${foreign(job.suffix ?? job.model)}</a>`;
  }

  private line(job: JobSummary): TemplateResult {
    const waits = place(job.id, this.jobs, Date.now() / 1000);
    const start = waits?.start == null ? t('jobs.unknown') : t('jobs.about', { time: clockTime(waits.start) });
    return html`<li><span class="lane-place number">${number(job.place ?? 0)}</span>${this.name(job)} <span class="hint">${start}</span>
      ${job.place === 1
        ? nothing
        : html`<button class="small quiet" @click=${() => void this.first(job)}>${t('lane.first')}<span class="visually-hidden"> ${foreign(job.suffix ?? job.id)}</span></button>`}</li>`;
  }

  private async first(job: JobSummary): Promise<void> {
    this.wrong = '';
    try {
      await post(`/internal/ui/jobs/${encodeURIComponent(job.id)}/first`);
      this.dispatchEvent(new Event('moved'));
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }
}
