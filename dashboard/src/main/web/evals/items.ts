import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { link } from '../core/route.ts';
import { foreign, number, t } from '../core/text.ts';
import type { Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import type { EvalRun, OutputItem } from './types.ts';

const FILTERS = ['all', 'pass', 'fail', 'error'] as const;
type Filter = (typeof FILTERS)[number];
const PAGE = 50;

// What became of each row of a run: what was asked, said and wanted, and how it was judged.
@customElement('luthier-eval-items')
export class EvalItems extends View {
  @property() evalId = '';
  @property() runId = '';
  @state() private run: EvalRun | undefined;
  @state() private items: OutputItem[] = [];
  @state() private more = false;
  @state() private filter: Filter = 'all';
  @state() private wrong: TemplateResult | string = '';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('runId')) void this.ask();
  }

  private async ask(after = ''): Promise<void> {
    const path = `/v1/evals/${encodeURIComponent(this.evalId)}/runs/${encodeURIComponent(this.runId)}`;
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (this.filter !== 'all') query.set('status', this.filter);
    if (after) query.set('after', after);
    const { filter } = this;
    this.wrong = '';
    try {
      this.run ??= await get<EvalRun>(path);
      const page = await get<Listing<OutputItem>>(`${path}/output_items?${query.toString()}`);
      if (filter !== this.filter) return;
      this.items = after ? [...this.items, ...page.data] : page.data;
      this.more = page.has_more ?? false;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private choose(filter: Filter): void {
    this.filter = filter;
    void this.ask();
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>${foreign(this.run?.name ?? '')} ${t('evals.itemsTitle')}</h1>
        <a class="button" href=${link('evals', this.evalId)}>${t('evals.allRuns')}</a></div>
      <div class="filters" role="group" aria-label=${t('evals.filter')}>
        ${FILTERS.map(
          (filter) => html`<button class="small" aria-pressed=${filter === this.filter ? 'true' : 'false'} @click=${() => this.choose(filter)}>${t(`evals.filter.${filter}`)}</button>`,
        )}
      </div>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.items.length === 0 ? html`<p class="empty">${t('evals.noItems')}</p>` : this.table()}
      ${this.more ? html`<button @click=${() => void this.ask(this.items.at(-1)?.id)}>${t('files.after')}</button>` : nothing}`;
  }

  private table(): TemplateResult {
    return html`<div class="table-box card"><table class="eval-items">
      <thead><tr>
        <th scope="col" class="number">${t('evals.row')}</th><th scope="col">${t('evals.result')}</th>
        <th scope="col">${t('evals.asked')}</th><th scope="col">${t('evals.said')}</th><th scope="col">${t('evals.wanted')}</th>
      </tr></thead>
      <tbody>${this.items.map((item) => this.line(item))}</tbody>
    </table></div>`;
  }

  private line(item: OutputItem): TemplateResult {
    const { sample } = item;
    const wanted = item.datasource_item.reference;
    return html`<tr class=${'eval-' + item.status}>
      <td class="number">${number(item.datasource_item_id + 1)}</td>
      <td><b>${t(`evals.filter.${item.status}`)}</b>
        ${item.results.map(
          (result) => html`<br />${foreign(result.name)} ${number(result.score, { maximumFractionDigits: 3 })}
            ${result.error ? english(result.error) : nothing}`,
        )}</td>
      <td dir="auto">${foreign(sample.input.at(-1)?.content)}</td>
      <td dir="auto">${sample.error ? english(sample.error.message) : foreign(sample.output.at(-1)?.content)}</td>
      <td dir="auto">${foreign(typeof wanted === 'string' ? wanted : JSON.stringify(item.datasource_item))}</td>
    </tr>`;
  }
}
