import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { put } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { clockTime, foreign, number, t } from '../core/text.ts';
import type { JobSummary } from '../core/types.ts';
import { View } from '../core/view.ts';
import { place } from './queue.ts';

const SHOWN = 5;
const WHOLE = 100;

// What runs and what waits for it, in order, with the time at which it is expected to begin. Fires
// `moved` when a job was put elsewhere.
@customElement('luthier-lane')
export class Lane extends View {
  @property({ attribute: false }) jobs: JobSummary[] = [];
  @state() private wrong: TemplateResult | string = '';
  /** Whether more than the first ones are shown. */
  @state() private whole = false;

  protected override render(): TemplateResult | typeof nothing {
    const running = this.jobs.filter((job) => job.status === 'running');
    const waiting = this.jobs.filter((job) => job.place).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    if (waiting.length === 0) return nothing;
    return html`<section class="lane card" aria-label=${t('lane.title')}>
      <h2>${t('lane.title')}</h2>
      <ol>
        ${running.map((job) => html`<li><span class="dot running"></span>${this.name(job)}
          <span class="hint">${t('status.running')}${job.estimated_finish ? html` · ${t('lane.until', { time: clockTime(job.estimated_finish) })}` : nothing}</span></li>`)}
        ${repeat(waiting.slice(0, this.whole ? WHOLE : SHOWN), ({ id }) => id, (job) => this.line(job, waiting.length))}
        ${!this.whole && waiting.length > SHOWN
          ? html`<li><button class="small quiet" @click=${() => (this.whole = true)}>${t('lane.more', { n: waiting.length - SHOWN })}</button></li>`
          : waiting.length > WHOLE
            ? html`<li class="hint">${t('lane.more', { n: waiting.length - WHOLE })}</li>`
            : nothing}
      </ol>
      <p role="alert" class="complaint">${this.wrong}</p>
    </section>`;
  }

  private name(job: JobSummary): TemplateResult {
    return html`<a href=${'#/jobs/' + job.id}>${foreign(job.suffix ?? job.model)}</a>`;
  }

  private line(job: JobSummary, all: number): TemplateResult {
    const waits = place(job.id, this.jobs, Date.now() / 1000);
    const start = waits?.start == null ? t('jobs.unknown') : t('jobs.about', { time: clockTime(waits.start) });
    const at = job.place ?? 0;
    const whose = html`<span class="visually-hidden"> ${foreign(job.suffix ?? job.id)}</span>`;
    const step = (to: number, sign: string, words: string): TemplateResult => html`<button class="small quiet" title=${words} ?disabled=${to < 1 || to > all}
      @click=${() => void this.move(job, to)}><span aria-hidden="true">${sign}</span><span class="visually-hidden">${words}</span>${whose}</button>`;
    return html`<li><span class="lane-place number">${number(at)}</span>${this.name(job)} <span class="hint">${start}</span>
      <span class="lane-moves">${at > 2 ? html`<button class="small quiet" @click=${() => void this.move(job, 1)}>${t('lane.first')}${whose}</button>` : nothing}
        ${all > 1 ? html`${step(at - 1, '↑', t('lane.earlier'))}${step(at + 1, '↓', t('lane.later'))}` : nothing}</span></li>`;
  }

  private async move(job: JobSummary, place: number): Promise<void> {
    this.wrong = '';
    try {
      await put(`/internal/ui/jobs/${encodeURIComponent(job.id)}/place`, { place });
      this.dispatchEvent(new Event('moved'));
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }
}
