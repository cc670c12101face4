import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError, get, post } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { errorText, eventText } from '../core/events.ts';
import { Poll } from '../core/poll.ts';
import { link, read } from '../core/route.ts';
import { clockTime, duration, figure, foreign, moment, number, percent, t } from '../core/text.ts';
import { ended, type Afterwards, type Checkpoint, type Curves, type FileObject, type Job, type JobEvent, type JobSummary, type Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import { estimated } from '../parts/estimated.ts';
import { tabs } from '../parts/tabs.ts';
import type { Language } from '../parts/code.ts';
import '../parts/code.ts';
import { jobCode } from './code.ts';
import './manifest.ts';
import { isShare, joined as measuresJoined, measureName, measuresOf, pair } from './measures.ts';
import './metrics.ts';
import './permissions.ts';
import './predictions.ts';
import { place } from './queue.ts';
import { playgroundLink } from './playground-link.ts';
import { fields } from './fields.ts';

const POLL_MILLIS = 1000;
const EVENTS_MAX = 500;
/** What tells checkpoints apart where it is measured. */
const TELLING = ['mean_reward', 'reward_margin', 'reward_accuracy'];
const TABS = ['messages', 'metrics', 'checkpoints', 'predictions', 'code', 'manifest'] as const;
type Tab = (typeof TABS)[number];

@customElement('luthier-job')
export class JobDetail extends View {
  @property() jobId = '';
  @property({ attribute: false }) jobs: JobSummary[] = [];
  @state() private job: Job | undefined;
  @state() private summary: JobSummary | undefined;
  @state() private events: JobEvent[] = [];
  /** Whether there are older ones than those. */
  @state() private earlier = false;
  @state() private curves: Curves = EMPTY;
  @state() private checkpoints: Checkpoint[] = [];
  @state() private tab: Tab = 'messages';
  @state() private wrong: TemplateResult | string = '';
  @state() private missing = false;
  @state() private afterwards: Afterwards | undefined;
  /** What its files are called, by id; one that was deleted has no name any more. */
  @state() private files: ReadonlyMap<string, string> = new Map();

  private poll = new Poll(() => this.ask(), POLL_MILLIS);

  override connectedCallback(): void {
    super.connectedCallback();
    this.tab = TABS.find((tab) => tab === read().query.get('tab')) ?? this.tab;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('jobId')) {
      this.poll.stop();
      Object.assign(this, { job: undefined, summary: undefined, events: [], earlier: false, curves: EMPTY, checkpoints: [], wrong: '', missing: false, afterwards: undefined, files: new Map() });
      this.poll = new Poll(() => this.ask(), POLL_MILLIS);
      this.poll.start();
    }
  }

  /** Only what is new is asked for; an ended job is asked for once. */
  private async ask(): Promise<void> {
    const id = this.jobId;
    try {
      const path = '/v1/fine_tuning/jobs/' + encodeURIComponent(id);
      const after = this.curves.step.at(-1) ?? 0;
      const [job, events, curves, checkpoints, line] = await Promise.all([
        get<Job>(path),
        this.newEvents(`${path}/events`),
        get<Curves>(`/internal/ui/jobs/${encodeURIComponent(id)}/metrics?after=${after}`),
        get<Listing<Checkpoint>>(`/internal/ui/jobs/${encodeURIComponent(id)}/checkpoints`),
        get<JobSummary>(`/internal/ui/jobs/${encodeURIComponent(id)}`),
      ]);
      if (id !== this.jobId) return;
      if (!this.job) void this.nameFiles(job);
      this.job = job;
      this.summary = line;
      this.take(events);
      this.curves = appended(this.curves, curves);
      // Of many only the best are kept, so that others may be there though they are as many.
      if (names(checkpoints.data) !== names(this.checkpoints)) this.checkpoints = checkpoints.data;
      if (ended(job.status)) {
        this.poll.stop();
        // Only words beside the figures: without them the page is whole.
        if (job.status === 'succeeded') void get<Afterwards>(`/internal/ui/jobs/${encodeURIComponent(id)}/estimate`).then((found) => { if (id === this.jobId) this.afterwards = found; }, () => undefined);
      }
    } catch (failure) {
      this.missing = failure instanceof ApiError && failure.status === 404;
      throw failure;
    }
  }

  private async nameFiles(job: Job): Promise<void> {
    const ids = [job.training_file, job.validation_file].filter((id) => id !== null);
    const found = await Promise.allSettled(ids.map((id) => get<FileObject>('/v1/files/' + encodeURIComponent(id))));
    if (job.id !== this.jobId) return;
    this.files = new Map(found.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.id, one.value.filename] as const] : [])));
  }

  private async newEvents(path: string): Promise<Listing<JobEvent>> {
    const few = await get<Listing<JobEvent>>(`${path}?limit=${this.events.length ? 50 : EVENTS_MAX}`);
    // More has come than was asked for, as to a page that nobody looked at for a while.
    return this.events.length && few.has_more && !this.meets(few) ? await get<Listing<JobEvent>>(`${path}?limit=${EVENTS_MAX}`) : few;
  }

  /** Whether these go on where those that are known end. */
  private meets({ data }: Listing<JobEvent>): boolean {
    const ids = new Set(this.events.map(({ id }) => id));
    return data.some(({ id }) => ids.has(id));
  }

  private take(newest: Listing<JobEvent>): void {
    const whole = this.meets(newest);
    if (!whole) this.earlier = newest.has_more ?? false;
    this.events = whole ? joined(newest.data, this.events) : newest.data;
  }

  private async askEarlier(): Promise<void> {
    const id = this.jobId;
    try {
      const query = new URLSearchParams({ limit: String(EVENTS_MAX), after: this.events.at(-1)?.id ?? '' });
      const found = await get<Listing<JobEvent>>(`/v1/fine_tuning/jobs/${encodeURIComponent(id)}/events?${query.toString()}`);
      if (id !== this.jobId) return;
      this.events = [...this.events, ...found.data];
      this.earlier = found.has_more ?? false;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    if (this.missing) return html`<p class="empty">${t('job.missing')}</p>`;
    const { job } = this;
    if (!job) return html`<p class="loading">${t('app.loading')}</p>`;
    return html`<article class="job" aria-label=${t('job.label')}>
      <header class="job-head">
        <div>
          <h2>${foreign(job.user_provided_suffix ?? job.model)}</h2>
          <span class=${'pill ' + job.status}><span class=${'dot ' + job.status}></span>${t(`status.${job.status}`)}</span>
        </div>
        <div class="actions">${this.actions(job)}</div>
      </header>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${job.error
        ? html`<div class="failure" role="group" aria-label=${t('job.error')}>
            <strong>${t('job.error')}</strong> <code>${job.error.code}</code>
            <p>${errorText(job.error)}</p>
            ${errorPlace(job)}
          </div>`
        : nothing}
      ${this.progress(job)} ${this.took()} ${fields(job, this.files)}
      ${tabs(
        t('job.tabs'),
        [
          { id: 'messages', name: t('job.messages') },
          { id: 'metrics', name: t('job.metrics') },
          { id: 'checkpoints', name: t('job.checkpoints'), count: this.checkpoints.length },
          { id: 'predictions', name: t('film.title') },
          { id: 'code', name: t('job.code') },
          { id: 'manifest', name: t('manifest.title') },
        ],
        this.tab,
        (id) => this.turn(id as Tab),
      )}
      <div role="tabpanel" id="panel" aria-labelledby=${'tab-' + this.tab} tabindex="0">${this.panel(job)}</div>
    </article>`;
  }

  /** The address says the tab, so that it outlives a reload and can be sent to somebody. */
  private turn(tab: Tab): void {
    this.tab = tab;
    history.replaceState(null, '', link('jobs', this.jobId, { tab }));
  }

  private panel(job: Job): TemplateResult {
    const untrained = ended(job.status) && this.curves.step.length === 0;
    if (untrained && this.tab !== 'messages' && this.tab !== 'code') return html`<p class="empty">${t('job.noSteps')}</p>`;
    switch (this.tab) {
      case 'messages':
        return this.messages(job);
      case 'metrics':
        return html`<luthier-metrics .job=${job} .curves=${this.curves} .checkpoints=${this.checkpoints}
          .ended=${ended(job.status)}></luthier-metrics>`;
      case 'checkpoints':
        return this.table(job);
      case 'predictions':
        return html`<luthier-predictions .job=${job} .checkpoints=${this.checkpoints}></luthier-predictions>`;
      case 'code':
        return html`<luthier-code .text=${(language: Language) => jobCode(job, language)}></luthier-code>`;
      case 'manifest':
        return html`<luthier-manifest .jobId=${job.id} .steps=${this.curves.step.length}></luthier-manifest>`;
    }
  }

  private actions(job: Job): TemplateResult {
    const clone = link('jobs', 'new', { from: job.id });
    const paused = job.status === 'paused';
    return html`${job.fine_tuned_model
        ? html`<a class="button primary" href=${playgroundLink(job, job.fine_tuned_model)}>${t('job.playground')}</a>`
        : nothing}
      <a class="button" href=${link('compare', job.id)}>${t('compare.button')}</a>
      <a class="button" href=${clone}>${t('job.clone')}</a>
      ${ended(job.status)
        ? nothing
        : html`<button @click=${() => void this.change(paused ? 'resume' : 'pause')}>${t(paused ? 'job.resume' : 'job.pause')}</button>
            <button class="danger" @click=${() => void this.change('cancel')}>${t('job.cancel')}</button>`}`;
  }

  private async change(how: 'pause' | 'resume' | 'cancel'): Promise<void> {
    if (how === 'cancel' && !confirm(t('job.confirmCancel'))) return;
    this.wrong = '';
    try {
      this.job = await post<Job>(`/v1/fine_tuning/jobs/${encodeURIComponent(this.jobId)}/${how}`);
      await this.poll.now();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private progress(job: Job): TemplateResult | typeof nothing {
    if (ended(job.status)) return nothing;
    const waits = place(job.id, this.jobs, Date.now() / 1000);
    const step = this.curves.step.at(-1) ?? 0;
    const total = this.curves.total_steps || this.summary?.total_steps || 0;
    const now = Date.now() / 1000;
    const started = this.summary?.started_at;
    // What such a job is after; the loss of answers that were drawn says little.
    const reward = pair(this.curves, 'mean_reward').train.at(-1) ?? null;
    const left = job.estimated_finish ? duration(job.estimated_finish - now) : '–';
    const fact = (name: string, value: TemplateResult | string): TemplateResult =>
      html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`;
    return html`<section class="card progress-card" aria-label=${t('job.progress')}>
      <progress aria-label=${t('job.progress')} max=${total || 1} .value=${step}></progress>
      <dl class="facts">
        ${waits ? html`${fact(t('jobs.place'), number(waits.n))} ${fact(t('jobs.start'), waits.start === null ? t('jobs.unknown') : clockTime(waits.start))}` : nothing}
        ${fact(t('job.step'), html`<bdi>${number(step)} / ${total ? number(total) : '–'}</bdi>`)}
        ${fact(t('job.elapsed'), started ? duration(now - started) : '–')} ${fact(t('job.left'), left)}
        ${reward === null ? fact(t('metric.trainLoss'), figure(this.curves.train_loss.at(-1))) : fact(measureName('mean_reward'), figure(reward))}
      </dl>
    </section>`;
  }

  /** What was estimated, and what it took. */
  private took(): TemplateResult | typeof nothing {
    const { estimate = null, took_seconds: took = null } = this.afterwards ?? {};
    if (took === null) return nothing;
    return html`<dl class="facts">
      ${estimate ? html`<div><dt>${t('job.estimated')}</dt><dd class="number">${estimated(estimate)}</dd></div>` : nothing}
      <div><dt>${t('job.took')}</dt><dd class="number">${duration(took)}</dd></div>
    </dl>`;
  }

  private messages(job: Job): TemplateResult {
    if (this.events.length === 0) return html`<p class="empty">${t('job.noMessages')}</p>`;
    return html`<ol class="messages">
      ${this.events.map(
        (event) => html`<li class=${event.level}>
          <time datetime=${new Date(event.created_at * 1000).toISOString()} title=${moment(event.created_at)}>${clockTime(event.created_at)}</time>
          ${event.level === 'info' ? nothing : html`<strong class="level">${t(`level.${event.level}`)}</strong>`}
          ${eventText(event, job)}
        </li>`,
      )}
    </ol>
    ${this.earlier ? html`<p><button @click=${() => void this.askEarlier()}>${t('job.earlier')}</button></p>` : nothing}`;
  }

  /** On rows held out, else on those of the step. */
  private measured(measure: string, step: number): number | null {
    const { train, valid } = pair(this.curves, measure);
    const at = this.curves.step.indexOf(step);
    return valid[at] ?? train[at] ?? null;
  }

  private table(job: Job): TemplateResult {
    if (this.checkpoints.length === 0) return html`<p class="empty">${t('job.noCheckpoints')}</p>`;
    const telling = measuresOf([this.curves]).filter((measure) => TELLING.includes(measure));
    return html`<div class="table-box"><table>
      <thead><tr>
        <th scope="col" class="number">${t('job.step')}</th><th scope="col" class="number">${t('job.epoch')}</th>
        <th scope="col" class="number">${t('metric.trainLoss')}</th><th scope="col" class="number">${t('metric.validLoss')}</th>
        <th scope="col" class="number">${t('metric.trainAccuracy')}</th>
        ${telling.map((measure) => html`<th scope="col" class="number">${measureName(measure)}</th>`)}<th scope="col">${t('job.model')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${this.checkpoints.map(
        (one) => html`<tr>
          <td class="number">${number(one.step)}</td><td class="number">${number(one.epoch)}</td>
          <td class="number">${figure(one.train_loss)}</td><td class="number">${figure(one.valid_loss)}</td>
          <td class="number">${percent(one.train_accuracy)}</td>
          ${telling.map((measure) => html`<td class="number">${(isShare(measure) ? percent : figure)(this.measured(measure, one.step))}</td>`)}
          <td><code class="name">${foreign(one.model)}</code></td>
          <td><a href=${playgroundLink(job, one.model)}>${t('job.try')}<span class="visually-hidden"> ${one.step}</span></a></td>
        </tr>`,
      )}</tbody>
    </table></div>
    <luthier-permissions .checkpoints=${this.checkpoints}></luthier-permissions>`;
  }
}

const EMPTY: Curves = {
  step: [], train_loss: [], train_accuracy: [], valid_loss: [], valid_accuracy: [],
  full_valid_loss: [], full_valid_accuracy: [], learning_rate: [], gradient_norm: [], tokens_per_second: [], total_steps: 0,
};

function appended(before: Curves, more: Curves): Curves {
  const last = before.step.at(-1) ?? 0;
  if (more.step.length === 0 || (more.step[0] ?? 0) <= last) return before;
  return {
    step: before.step.concat(more.step),
    train_loss: before.train_loss.concat(more.train_loss),
    train_accuracy: before.train_accuracy.concat(more.train_accuracy),
    valid_loss: before.valid_loss.concat(more.valid_loss),
    valid_accuracy: before.valid_accuracy.concat(more.valid_accuracy),
    full_valid_loss: before.full_valid_loss.concat(more.full_valid_loss),
    full_valid_accuracy: before.full_valid_accuracy.concat(more.full_valid_accuracy),
    learning_rate: before.learning_rate.concat(more.learning_rate),
    gradient_norm: before.gradient_norm.concat(more.gradient_norm),
    tokens_per_second: before.tokens_per_second.concat(more.tokens_per_second),
    measures: measuresJoined(before, more),
    total_steps: more.total_steps || before.total_steps,
  };
}

const names = (checkpoints: Checkpoint[]): string => checkpoints.map(({ model }) => model).join();

/** Both newest first. */
function joined(newest: JobEvent[], known: JobEvent[]): JobEvent[] {
  const ids = new Set(newest.map((event) => event.id));
  const rest = known.filter((event) => !ids.has(event.id));
  return rest.length === known.length && newest.length === 0 ? known : [...newest, ...rest];
}

/** The file that the error names, opened at the example it names. */
function errorPlace(job: Job): TemplateResult | typeof nothing {
  const { param = null, message = '' } = job.error ?? {};
  const file = param === 'training_file' ? job.training_file : param === 'validation_file' ? job.validation_file : null;
  const example = /\b[Ee]xample (\d+)/.exec(message)?.[1];
  return file ? html`<a href=${link('files', file, example ? { from: example } : {})}>${t('job.errorRows')}</a>` : nothing;
}
