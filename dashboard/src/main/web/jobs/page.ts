import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { Poll } from '../core/poll.ts';
import { go, link } from '../core/route.ts';
import { t } from '../core/text.ts';
import { ended, type JobSummary, type Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import '../parts/machine.ts';
import { uploadExample } from './example.ts';
import './detail.ts';
import './lane.ts';
import './list.ts';

const POLL_MILLIS = 1500;
const HEAD = 50;
const WHOLE_EVERY = 20;

// Fine-tuning: the list on one side, the chosen job on the other.
@customElement('luthier-jobs')
export class JobsPage extends View {
  @property() selected = '';
  @state() private jobs: JobSummary[] | undefined;
  @state() private busy = false;
  @state() private wrong: TemplateResult | string = '';
  private asks = 1;

  private readonly poll = new Poll(async () => {
    const known = this.jobs;
    // A long list is asked for whole now and then; in between, its head is what changes.
    const whole = !known || known.length < HEAD || this.asks++ % WHOLE_EVERY === 0 || known.slice(HEAD).some((job) => !ended(job.status));
    const { data } = await get<Listing<JobSummary>>('/internal/ui/jobs' + (whole ? '' : `?limit=${HEAD}`));
    const ids = new Set(data.map((job) => job.id));
    this.jobs = whole ? data : [...data, ...(known ?? []).filter((job) => !ids.has(job.id))];
  }, POLL_MILLIS);

  override connectedCallback(): void {
    super.connectedCallback();
    this.poll.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head">
        <h1>${t('jobs.title')}</h1>
        <luthier-machine></luthier-machine>
        <a class="button primary" href=${link('jobs', 'new')}>${t('jobs.create')}</a>
      </div>
      ${this.body()}`;
  }

  private body(): TemplateResult {
    if (this.jobs === undefined) return html`<p class="loading">${t('app.loading')}</p>`;
    if (this.jobs.length === 0) return this.welcome();
    return html`<div class=${'split ' + (this.selected ? 'chosen' : '')}>
      <div class="split-list">
        <luthier-lane .jobs=${this.jobs} @moved=${() => void this.poll.now()}></luthier-lane>
        <luthier-job-list .jobs=${this.jobs} .selected=${this.selected}></luthier-job-list>
      </div>
      <div class="split-detail">
        ${this.selected
          ? html`<a class="back" href=${link('jobs')}>${t('jobs.back')}</a>
              <luthier-job .jobId=${this.selected} .jobs=${this.jobs}></luthier-job>`
          : html`<p class="empty">${t('jobs.choose')}</p>`}
      </div>
    </div>`;
  }

  private welcome(): TemplateResult {
    return html`<section class="card welcome">
      <h2>${t('welcome.title')}</h2>
      <p>${t('welcome.words')}</p>
      <p class="actions">
        <button class="primary" ?disabled=${this.busy} @click=${() => void this.example()}>${t('welcome.example')}</button>
        <a class="button" href=${link('jobs', 'new')}>${t('welcome.own')}</a>
      </p>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.busy ? html`<p class="hint" role="status">${t('app.loading')}</p>` : nothing}
    </section>`;
  }

  private async example(): Promise<void> {
    this.busy = true;
    this.wrong = '';
    try {
      const [training, validation] = await uploadExample();
      go(link('jobs', 'new', { training, validation, suffix: 'pirate' }));
    } catch (failure) {
      this.wrong = complaint(failure);
    } finally {
      this.busy = false;
    }
  }
}
