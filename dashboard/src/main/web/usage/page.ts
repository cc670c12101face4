import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { foreign, number, t } from '../core/text.ts';
import { View } from '../core/view.ts';
import { drawDays, type Day } from './days.ts';

interface Page<T> {
  data: { start_time: number; end_time: number; results: T[] }[];
}

interface Completions {
  model: string | null;
  batch: boolean | null;
  input_tokens: number;
  input_cached_tokens: number;
  output_tokens: number;
  num_model_requests: number;
}

interface Costs {
  amount: { value: number; currency: string };
}

interface Sum {
  input: number;
  cached: number;
  output: number;
  requests: number;
  batches: number;
}

const DAYS = 31;
const DAY_SECONDS = 86_400;
const OTHERS = 4;

// Tokens by day and model, and what they cost where somebody has set prices.
@customElement('luthier-usage')
export class UsagePage extends View {
  @state() private usage: Page<Completions> | undefined;
  @state() private costs: Page<Costs> | undefined;
  @state() private wrong: TemplateResult | string = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask();
  }

  private async ask(): Promise<void> {
    const start = Math.floor(Date.now() / 1000) - (DAYS - 1) * DAY_SECONDS;
    const range = `?start_time=${start}&limit=${DAYS}`;
    try {
      this.usage = await get<Page<Completions>>(`/v1/organization/usage/completions${range}&group_by=model&group_by=batch`);
      this.costs = await get<Page<Costs>>('/v1/organization/costs' + range);
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>${t('usage.title')}</h1></div>
      <p class="hint">${t('usage.what')}</p>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.usage === undefined
        ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
        : this.shown(this.usage)}`;
  }

  private shown(usage: Page<Completions>): TemplateResult {
    const sums = totals(usage);
    if (sums.size === 0) return html`<p class="empty">${t('usage.none')}</p>`;
    const models = [...sums.keys()];
    const named = models.slice(0, OTHERS);
    const days = usage.data.map(({ start_time: start, results }): Day => {
      const parts = new Array<number>(Math.min(models.length, OTHERS + 1)).fill(0);
      for (const { model, input_tokens: read, output_tokens: wrote } of results) {
        const at = named.indexOf(model ?? '');
        const place = at < 0 ? OTHERS : at;
        parts[place] = (parts[place] ?? 0) + read + wrote;
      }
      return { start, parts };
    });
    const names = models.length > OTHERS ? [...named, t('usage.others')] : named;
    return html`${drawDays(days, names)} ${this.money()}
      <div class="table-box card"><table>
        <thead><tr>
          <th scope="col">${t('batches.model')}</th><th scope="col" class="number">${t('usage.requests')}</th>
          <th scope="col" class="number">${t('usage.input')}</th><th scope="col" class="number">${t('usage.cached')}</th>
          <th scope="col" class="number">${t('usage.output')}</th><th scope="col" class="number">${t('usage.batches')}</th>
        </tr></thead>
        <tbody>${[...sums].map(([model, sum]) => this.line(model, sum))}</tbody>
      </table></div>`;
  }

  private line(model: string, { input, cached, output, requests, batches }: Sum): TemplateResult {
    return html`<tr><td><code class="name">${foreign(model)}</code></td>
      ${[requests, input, cached, output, batches].map((count) => html`<td class="number">${number(count)}</td>`)}</tr>`;
  }

  private money(): TemplateResult | typeof nothing {
    const results = this.costs?.data.flatMap((bucket) => bucket.results) ?? [];
    const sum = results.reduce((whole, { amount }) => whole + amount.value, 0);
    const currency = results[0]?.amount.currency.toUpperCase() ?? 'USD';
    return sum > 0
      ? html`<p class="usage-cost">${t('usage.cost', { amount: number(sum, { style: 'currency', currency, maximumFractionDigits: 4 }) })}</p>`
      : nothing;
  }
}

/** By model, the most used first. */
function totals(usage: Page<Completions>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const result of usage.data.flatMap((bucket) => bucket.results)) {
    const model = result.model ?? '';
    const sum = sums.get(model) ?? { input: 0, cached: 0, output: 0, requests: 0, batches: 0 };
    sum.input += result.input_tokens;
    sum.cached += result.input_cached_tokens;
    sum.output += result.output_tokens;
    sum.requests += result.num_model_requests;
    if (result.batch) sum.batches += result.input_tokens + result.output_tokens;
    sums.set(model, sum);
  }
  return new Map([...sums].sort(([, one], [, other]) => other.input + other.output - one.input - one.output));
}
