import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { link } from '../core/route.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { JobSummary, Listing, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import './aliases.ts';
import './bases.ts';

const kind = (id: string): 'tune' | 'checkpoint' => (id.includes(':ckpt-step-') ? 'checkpoint' : 'tune');

// All that can be called: bases, what was trained on them, and other names for both.
@customElement('luthier-models')
export class ModelsPage extends View {
  @state() private models: Model[] | undefined;
  @state() private wrong: TemplateResult | string = '';
  /** Which job made a model. */
  private jobs: ReadonlyMap<string, string> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      const [models, jobs] = await Promise.all([get<Listing<Model>>('/v1/models'), get<Listing<JobSummary>>('/internal/ui/jobs')]);
      this.jobs = new Map(jobs.data.flatMap(({ id, fine_tuned_model: model }) => (model ? [[model, id] as const] : [])));
      this.models = models.data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    // The newest first, as files and jobs are.
    const tunes = this.models?.filter((model) => model.id.startsWith('ft:')).toSorted((one, other) => other.created - one.created);
    return html`<div class="page-head"><h1>${t('models.title')}</h1></div>
      <luthier-bases @arrived=${() => void this.ask()}></luthier-bases>
      <section aria-labelledby="tunes-title">
        <h2 id="tunes-title">${t('models.tunes')}</h2>
        <p role="alert" class="complaint">${this.wrong}</p>
        ${tunes === undefined
          ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
          : tunes.length === 0
            ? html`<p class="empty">${t('models.none')}</p>`
            : this.table(tunes)}
      </section>
      <luthier-aliases .models=${this.models ?? []}></luthier-aliases>`;
  }

  private table(models: Model[]): TemplateResult {
    return html`<div class="table-box card stacked"><table class="tunes">
      <thead><tr>
        <th scope="col">${t('models.name')}</th><th scope="col">${t('models.kind')}</th><th scope="col">${t('job.created')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${models.map((model) => this.line(model))}</tbody>
    </table></div>`;
  }

  private line(model: Model): TemplateResult {
    const name = html`<span class="visually-hidden"> ${foreign(model.id)}</span>`;
    const job = this.jobs.get(model.id);
    const panes = [model.id.split(':')[1] ?? model.id, model.id].join();
    return html`<tr>
      <td><code class="name">${foreign(model.id)}</code></td>
      <td>${t(`models.${kind(model.id)}`)}</td>
      <td class="when">${moment(model.created)}</td>
      <td class="row-actions">
        ${job ? html`<a class="button small" href=${link('jobs', job)}>${t('job.label')}${name}</a>` : nothing}
        <a class="button small" href=${link('playground', '', { models: panes })}>${t('job.playground')}${name}</a>
        <button class="small danger" @click=${() => void this.delete(model)}>${t('app.delete')}${name}</button>
      </td>
    </tr>`;
  }

  private async delete(model: Model): Promise<void> {
    if (!confirm(t('models.confirm', { name: model.id }))) return;
    this.wrong = '';
    try {
      await remove('/v1/models/' + encodeURIComponent(model.id));
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.ask();
  }
}
