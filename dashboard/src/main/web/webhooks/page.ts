import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { get, post, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { link } from '../core/route.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import { copy } from '../parts/copy.ts';
import './deliveries.ts';

export interface Endpoint {
  id: string;
  name: string;
  url: string;
  created_at: number;
  event_types: string[];
  signing_secret_hint: string;
  signing_secret?: string;
}

export const ENDPOINTS = '/v1/webhook_endpoints';
const FIRST_TYPES = ['fine_tuning.job.succeeded', 'fine_tuning.job.failed', 'batch.completed', 'batch.failed'];

// Who is told when something ends: added, with the secret shown once, tried and deleted.
@customElement('luthier-webhooks')
export class WebhooksPage extends View {
  @property() selected = '';
  @state() private endpoints: Endpoint[] | undefined;
  @state() private types: string[] = [];
  @state() private chosen: ReadonlySet<string> = new Set(FIRST_TYPES);
  @state() private made: Endpoint | undefined;
  @state() private copied = '';
  @state() private done = '';
  @state() private wrong: TemplateResult | string = '';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('selected') && this.selected === '') void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      this.types = (await get<Listing<string>>('/v1/webhook_event_types')).data;
      this.endpoints = (await get<Listing<Endpoint>>(ENDPOINTS + '?limit=100')).data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    if (this.selected) return html`<luthier-deliveries .endpointId=${this.selected}></luthier-deliveries>`;
    return html`<div class="page-head"><h1>${t('webhooks.title')}</h1></div>
      <p class="hint">${t('webhooks.what')}</p>
      ${this.form()}
      <p role="alert" class="complaint">${this.wrong}</p>
      <div role="status">${this.made ? this.secret(this.made) : nothing}${this.done ? html`<p class="done">${this.done}</p>` : nothing}</div>
      ${this.endpoints === undefined
        ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
        : this.endpoints.length === 0
          ? html`<p class="empty">${t('webhooks.none')}</p>`
          : this.table(this.endpoints)}`;
  }

  private form(): TemplateResult {
    const toggle = (type: string): void => {
      const next = new Set(this.chosen);
      if (!next.delete(type)) next.add(type);
      this.chosen = next;
    };
    return html`<form class="webhook-form card" @submit=${this.add}>
      <label>${t('webhooks.url')} <input name="url" type="url" required maxlength="2000" dir="ltr" placeholder="http://127.0.0.1:8000/hook" /></label>
      <label>${t('webhooks.name')} <input name="name" required maxlength="200" /></label>
      <fieldset><legend>${t('webhooks.events')}</legend>
        ${this.types.map(
          (type) => html`<label class="check" dir="ltr"><input type="checkbox" .checked=${live(this.chosen.has(type))} @change=${() => toggle(type)} /> <code>${type}</code></label>`,
        )}
      </fieldset>
      <button class="primary" ?disabled=${!this.types.some((type) => this.chosen.has(type))}>${t('webhooks.add')}</button>
    </form>`;
  }

  private readonly add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    void this.act(async () => {
      this.made = await post<Endpoint>(ENDPOINTS, {
        url: String(fields.get('url')).trim(),
        name: String(fields.get('name')).trim(),
        event_types: this.types.filter((type) => this.chosen.has(type)),
      });
      form.reset();
    });
  };

  private secret({ signing_secret: secret = '', name }: Endpoint): TemplateResult {
    const take = async (): Promise<void> => {
      this.copied = (await copy(secret)) ? t('code.copied') : t('code.notCopied');
    };
    return html`<div class="webhook-secret card">
      <p>${t('webhooks.secret', { name })}</p>
      <code dir="ltr">${secret}</code>
      <button class="small" @click=${() => void take()}>${t('code.copy')}</button> <span>${this.copied}</span>
    </div>`;
  }

  private table(endpoints: Endpoint[]): TemplateResult {
    return html`<div class="table-box card"><table>
      <thead><tr>
        <th scope="col">${t('webhooks.name')}</th><th scope="col">${t('webhooks.url')}</th><th scope="col">${t('webhooks.events')}</th>
        <th scope="col">${t('job.created')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${endpoints.map((endpoint) => this.line(endpoint))}</tbody>
    </table></div>`;
  }

  private line(endpoint: Endpoint): TemplateResult {
    const whose = html`<span class="visually-hidden"> ${foreign(endpoint.name)}</span>`;
    return html`<tr>
      <td><a href=${link('webhooks', endpoint.id)}>${foreign(endpoint.name)}</a></td>
      <td><code class="name">${foreign(endpoint.url)}</code></td>
      <td>${endpoint.event_types.map((type) => html`<code class="tag">${type}</code> `)}</td>
      <td class="when">${moment(endpoint.created_at)}</td>
      <td class="row-actions">
        <button class="small" @click=${() => void this.test(endpoint)}>${t('webhooks.test')}${whose}</button>
        <a class="button small" href=${link('webhooks', endpoint.id)}>${t('webhooks.deliveries')}${whose}</a>
        <button class="small danger" @click=${() => void this.delete(endpoint)}>${t('app.delete')}${whose}</button>
      </td>
    </tr>`;
  }

  private async test({ id, event_types: types }: Endpoint): Promise<void> {
    await this.act(async () => {
      const { status_code: status } = await post<{ status_code: number }>(`${ENDPOINTS}/${id}/test`, { event_type: types[0] });
      this.done = t('webhooks.tested', { status: String(status) });
    });
  }

  private async delete({ id, name }: Endpoint): Promise<void> {
    if (!confirm(t('webhooks.confirm', { name }))) return;
    if (this.made?.id === id) this.made = undefined;
    await this.act(() => remove(`${ENDPOINTS}/${id}`));
  }

  private async act(work: () => Promise<unknown>): Promise<void> {
    this.wrong = '';
    this.done = '';
    this.copied = '';
    try {
      await work();
    } catch (failure) {
      this.wrong = complaint(failure);
      return;
    }
    await this.ask();
  }
}
