import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { go, link } from '../core/route.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import './create.ts';
import './detail.ts';
import './items.ts';
import type { Eval } from './types.ts';

// Evals: all of them, one with its runs, or what came out of one run.
@customElement('luthier-evals')
export class EvalsPage extends View {
  /** Nothing, an eval's id, or an eval's and a run's with a slash between. */
  @property() selected = '';
  @state() private evals: Eval[] | undefined;
  @state() private wrong: TemplateResult | string = '';

  /** The list is asked for whenever it comes into sight. */
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('selected') && this.selected === '') void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      this.evals = (await get<Listing<Eval>>('/v1/evals?order=desc&limit=100')).data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    const [evalId = '', runId = ''] = this.selected.split('/');
    if (runId) return html`<luthier-eval-items .evalId=${evalId} .runId=${runId}></luthier-eval-items>`;
    if (evalId) return html`<luthier-eval .evalId=${evalId}></luthier-eval>`;
    return html`<div class="page-head"><h1>${t('evals.title')}</h1></div>
      <luthier-eval-create @created=${(event: CustomEvent<Eval>) => go(link('evals', event.detail.id))}></luthier-eval-create>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.evals === undefined
        ? html`<p class="loading">${t('app.loading')}</p>`
        : this.evals.length === 0
          ? html`<p class="empty">${t('evals.none')}</p>`
          : this.table(this.evals)}`;
  }

  private table(evals: Eval[]): TemplateResult {
    return html`<div class="table-box card"><table class="evals">
      <thead><tr>
        <th scope="col">${t('evals.name')}</th><th scope="col">${t('evals.criteria')}</th><th scope="col">${t('job.created')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${evals.map((each) => this.line(each))}</tbody>
    </table></div>`;
  }

  private line(each: Eval): TemplateResult {
    return html`<tr>
      <td><a href=${link('evals', each.id)}>${foreign(each.name)}</a></td>
      <td>${foreign(each.testing_criteria.map((criterion) => criterion.name).join(', '))}</td>
      <td class="when">${moment(each.created_at)}</td>
      <td class="row-actions"><button class="small danger" @click=${() => void this.delete(each)}>
        ${t('app.delete')}<span class="visually-hidden"> ${foreign(each.name)}</span></button></td>
    </tr>`;
  }

  private async delete(each: Eval): Promise<void> {
    if (!confirm(t('evals.confirm', { name: each.name }))) return;
    this.wrong = '';
    try {
      await remove('/v1/evals/' + encodeURIComponent(each.id));
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.ask();
  }
}
