import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { Poll } from '../core/poll.ts';
import { t } from '../core/text.ts';
import type { JobSummary, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import './list.ts';

const POLL_MILLIS = 1500;

// Fine-tuning: the list on one side, the chosen job on the other.
@customElement('luthier-jobs')
export class JobsPage extends View {
  @property() selected = '';
  @state() private jobs: JobSummary[] | undefined;

  private readonly poll = new Poll(async () => {
    this.jobs = (await get<Listing<JobSummary>>('/internal/ui/jobs')).data;
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
    return html`<h1 class="page-title">${t('jobs.title')}</h1>
      ${this.jobs === undefined
        ? html`<p class="loading">${t('app.loading')}</p>`
        : html`<luthier-job-list .jobs=${this.jobs} .selected=${this.selected}></luthier-job-list>`}`;
  }
}
