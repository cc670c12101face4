import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get, post } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { Poll } from '../core/poll.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { FileObject, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import '../parts/drop.ts';
import { upload } from '../parts/upload.ts';

type Status = 'validating' | 'failed' | 'in_progress' | 'finalizing' | 'completed' | 'expired' | 'cancelling' | 'cancelled';

interface Batch {
  id: string;
  endpoint: string;
  model: string | null;
  status: Status;
  created_at: number;
  output_file_id: string | null;
  error_file_id: string | null;
  request_counts: { total: number; completed: number; failed: number };
  errors: { data: { code: string; message: string; line: number | null }[] } | null;
}

const BATCHES = '/v1/batches';
const ENDPOINTS = ['/v1/chat/completions', '/v1/completions', '/v1/responses'];
const BYTES_MAX = 200 * 1024 * 1024;
const FIRST_BYTES = 1 << 20;
const MILLIS = 2000;
const FAULTS = 10;

const running = ({ status }: Batch): boolean => ['validating', 'in_progress', 'finalizing', 'cancelling'].includes(status);

/** The endpoint that the first line names; the server says what is wrong with any other. */
async function endpoint(file: File): Promise<string> {
  const [line = ''] = (await file.slice(0, FIRST_BYTES).text()).trimStart().split('\n', 1);
  const named = /"url"\s*:\s*"([^"]+)"/.exec(line)?.[1] ?? '';
  return ENDPOINTS.includes(named) ? named : (ENDPOINTS[0] ?? '');
}

// Files of requests that are answered in the background: started by dropping one, watched, cancelled,
// and their answers fetched.
@customElement('luthier-batches')
export class BatchesPage extends View {
  @state() private batches: Batch[] | undefined;
  @state() private more = false;
  @state() private wrong: TemplateResult | string = '';
  private readonly poll = new Poll(() => this.ask(), MILLIS);

  override connectedCallback(): void {
    super.connectedCallback();
    this.poll.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  private async ask(): Promise<void> {
    try {
      const page = await get<Listing<Batch>>(BATCHES + '?limit=100');
      this.batches = page.data;
      this.more = page.has_more ?? false;
    } catch (failure) {
      this.wrong = complaint(failure);
      throw failure;
    }
  }

  private readonly begin = async (file: File, progress: (share: number) => void): Promise<unknown> => {
    const url = await endpoint(file);
    const sent: FileObject = await upload(file, progress, 'batch');
    return post(BATCHES, { input_file_id: sent.id, endpoint: url, completion_window: '24h' });
  };

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>${t('batches.title')}</h1></div>
      <p class="hint">${t('batches.what')}</p>
      <luthier-drop class="card" .label=${t('batches.start')} .hint=${t('batches.hint')} .bytesMax=${BYTES_MAX} .tooLarge=${t('batches.tooLarge')}
        .receive=${this.begin} @uploaded=${() => void this.poll.now()}></luthier-drop>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.batches === undefined
        ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
        : this.batches.length === 0
          ? html`<p class="empty">${t('batches.none')}</p>`
          : this.table(this.batches)}
      ${this.more ? html`<p class="hint">${t('batches.more')}</p>` : nothing}`;
  }

  private table(batches: Batch[]): TemplateResult {
    return html`<div class="table-box card"><table>
      <thead><tr>
        <th scope="col">${t('batches.id')}</th><th scope="col">${t('batches.status')}</th><th scope="col">${t('batches.model')}</th>
        <th scope="col">${t('batches.answered')}</th><th scope="col">${t('job.created')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${batches.map((batch) => this.line(batch))}</tbody>
    </table></div>`;
  }

  private line(batch: Batch): TemplateResult {
    const { total, completed, failed } = batch.request_counts;
    const whose = html`<span class="visually-hidden"> ${foreign(batch.id)}</span>`;
    return html`<tr data-batch=${batch.id}>
      <td><code class="name">${foreign(batch.id)}</code><br /><span class="hint">${foreign(batch.endpoint)}</span></td>
      <td>${t(`batchState.${batch.status}`)}${this.faults(batch)}</td>
      <td>${foreign(batch.model)}</td>
      <td class="batch-counts">
        <span>${t('batches.counts', { done: completed + failed, total })}</span>
        ${failed ? html` <span class="complaint">${t('batches.failed', { n: failed })}</span>` : nothing}
        ${running(batch) && total ? html`<progress max=${total} .value=${completed + failed} aria-label=${t('batches.progress', { id: batch.id })}></progress>` : nothing}
      </td>
      <td class="when">${moment(batch.created_at)}</td>
      <td class="row-actions">
        ${this.download(batch.output_file_id, html`${t('batches.output')}${whose}`)}
        ${this.download(batch.error_file_id, html`${t('batches.errors')}${whose}`)}
        ${running(batch) && batch.status !== 'cancelling'
          ? html`<button class="small danger" @click=${() => void this.cancel(batch)}>${t('batches.cancel')}${whose}</button>`
          : nothing}
      </td>
    </tr>`;
  }

  private download(file: string | null, words: TemplateResult): TemplateResult | typeof nothing {
    return file ? html`<a class="button small" href=${`/v1/files/${encodeURIComponent(file)}/content`} download>${words}</a>` : nothing;
  }

  private faults({ errors }: Batch): TemplateResult | typeof nothing {
    if (!errors) return nothing;
    const further = errors.data.length - FAULTS;
    return html`<ul class="batch-faults">
      ${errors.data
        .slice(0, FAULTS)
        .map(({ line, message }) => html`<li>${line === null ? nothing : html`<b>${t('batches.line', { line })}</b> `}${english(message)}</li>`)}
      ${further > 0 ? html`<li>${t('finding.further', { n: further })}</li>` : nothing}
    </ul>`;
  }

  private async cancel(batch: Batch): Promise<void> {
    this.wrong = '';
    try {
      await post(`${BATCHES}/${encodeURIComponent(batch.id)}/cancel`);
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.poll.now();
  }
}
