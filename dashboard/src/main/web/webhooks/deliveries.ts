import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { Poll } from '../core/poll.ts';
import { link } from '../core/route.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { Listing } from '../core/types.ts';
import { View } from '../core/view.ts';

interface Attempt {
  attempted_at: number;
  milliseconds: number;
  status_code: number | null;
  error: string | null;
}

interface Delivery {
  id: string;
  event_type: string;
  status: 'pending' | 'delivered' | 'failed';
  created_at: number;
  next_attempt_at: number | null;
  attempts: Attempt[];
}

const MILLIS = 3000;

// What one address was told, and every try to tell it.
@customElement('luthier-deliveries')
export class Deliveries extends View {
  @property() endpointId = '';
  @state() private name = '';
  @state() private deliveries: Delivery[] | undefined;
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
    const path = '/v1/webhook_endpoints/' + encodeURIComponent(this.endpointId);
    try {
      this.name ||= (await get<{ name: string }>(path)).name;
      this.deliveries = (await get<Listing<Delivery>>(path + '/deliveries?limit=100')).data;
      this.wrong = '';
    } catch (failure) {
      this.wrong = complaint(failure);
      throw failure;
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head">
        <h1>${t('deliveries.title')} ${foreign(this.name)}</h1>
        <a class="button" href=${link('webhooks')}>${t('deliveries.back')}</a>
      </div>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.deliveries === undefined
        ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
        : this.deliveries.length === 0
          ? html`<p class="empty">${t('deliveries.none')}</p>`
          : html`<div class="table-box card"><table>
              <thead><tr>
                <th scope="col">${t('deliveries.event')}</th><th scope="col">${t('batches.status')}</th>
                <th scope="col">${t('job.created')}</th><th scope="col">${t('deliveries.attempts')}</th>
              </tr></thead>
              <tbody>${this.deliveries.map((delivery) => this.line(delivery))}</tbody>
            </table></div>`}`;
  }

  private line(delivery: Delivery): TemplateResult {
    return html`<tr>
      <td><code>${delivery.event_type}</code><br /><code class="name hint">${foreign(delivery.id)}</code></td>
      <td>${t(`delivery.${delivery.status}`)}</td>
      <td class="when">${moment(delivery.created_at)}</td>
      <td><ol class="attempts">${delivery.attempts.map((attempt) => this.attempt(attempt))}</ol>
        ${delivery.next_attempt_at === null ? nothing : html`<span class="hint">${t('deliveries.next', { when: moment(delivery.next_attempt_at) })}</span>`}</td>
    </tr>`;
  }

  private attempt({ attempted_at: at, milliseconds, status_code: status, error }: Attempt): TemplateResult {
    return html`<li><span class="number">${moment(at)}</span>
      <b>${status ?? nothing}</b>${error ? html`<span class="complaint">${english(error)}</span>` : nothing}
      <span class="hint">${t('deliveries.took', { ms: milliseconds })}</span></li>`;
  }
}
