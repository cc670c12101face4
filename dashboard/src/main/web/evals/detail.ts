import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get, post, remove } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { Poll } from '../core/poll.ts';
import { link } from '../core/route.ts';
import { foreign, moment, number, percent, t } from '../core/text.ts';
import type { FileObject, Listing, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import { rowsOf } from './rows.ts';
import { FILE, over, STATES, type Eval, type EvalRun } from './types.ts';

const POLL_MILLIS = 1000;
const ROWS_DEFAULT = 50;
const TOKENS_DEFAULT = 128;

// One eval: its runs side by side, and a form that starts one for each model that is chosen.
@customElement('luthier-eval')
export class EvalDetail extends View {
  @property() evalId = '';
  @state() private shown: Eval | undefined;
  @state() private runs: EvalRun[] = [];
  @state() private models: Model[] = [];
  @state() private chosen: string[] = [];
  @state() private wrong: TemplateResult | string = '';
  @state() private busy = false;
  @state() private fileName = '';
  private readonly poll = new Poll(() => this.askRuns(), POLL_MILLIS);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poll.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('evalId')) void this.begin();
  }

  private get path(): string {
    return '/v1/evals/' + encodeURIComponent(this.evalId);
  }

  private async begin(): Promise<void> {
    try {
      this.shown = await get<Eval>(this.path);
      this.models = (await get<Listing<Model>>('/v1/models')).data;
      this.poll.start();
      const file = this.shown.metadata[FILE];
      // A file that was deleted has no name any more.
      if (file) this.fileName = await get<FileObject>('/v1/files/' + encodeURIComponent(file)).then(({ filename }) => filename, () => '');
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private async askRuns(): Promise<void> {
    this.runs = (await get<Listing<EvalRun>>(this.path + '/runs?limit=100')).data;
  }

  protected override render(): TemplateResult {
    const head = (name: TemplateResult | string | typeof nothing): TemplateResult =>
      html`<div class="page-head"><h1>${name}</h1><a class="button" href=${link('evals')}>${t('evals.back')}</a></div>`;
    if (!this.shown) {
      return html`${head(t('evals.title'))} <p role="alert" class="complaint">${this.wrong}</p>
        ${this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`}`;
    }
    return html`${head(foreign(this.shown.name))}
      ${this.facts(this.shown)}
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.shown.metadata[FILE] ? this.form(this.shown.metadata[FILE]) : html`<p class="hint">${t('evals.elsewhere')}</p>`}
      ${this.runs.length ? this.table() : html`<p class="empty">${t('evals.noRuns')}</p>`}`;
  }

  private facts({ testing_criteria: criteria, metadata }: Eval): TemplateResult {
    return html`<dl class="facts card group">
      ${criteria.map(
        (each) => html`<div><dt>${t('evals.criterion')}</dt><dd>${foreign(each.name)}
          ${each.pass_threshold === undefined ? nothing : t('evals.from', { least: number(each.pass_threshold) })}</dd></div>`,
      )}
      ${metadata[FILE] ? html`<div><dt>${t('evals.file')}</dt><dd><a href=${link('files', metadata[FILE])}><bdi>${this.fileName || metadata[FILE]}</bdi></a></dd></div>` : nothing}
    </dl>`;
  }

  private form(file: string): TemplateResult {
    const toggle = (id: string, on: boolean): void => {
      this.chosen = on ? [...this.chosen, id] : this.chosen.filter((other) => other !== id);
    };
    return html`<form @submit=${(event: SubmitEvent) => void this.start(event, file)}><fieldset class="card group">
      <legend>${t('evals.start')}</legend>
      <div class="eval-models" role="group" aria-label=${t('evals.models')}>
        ${this.models.map(
          (model) => html`<label class="choice"><input type="checkbox" name="model" value=${model.id} .checked=${this.chosen.includes(model.id)}
            @change=${(event: Event) => toggle(model.id, (event.target as HTMLInputElement).checked)} /> ${foreign(model.id)}</label>`,
        )}
      </div>
      <label>${t('evals.rows')}<input name="rows" type="number" min="1" max="1000" required value=${ROWS_DEFAULT} /></label>
      <label>${t('play.maxTokens')}<input name="tokens" type="number" min="1" max="4096" required value=${TOKENS_DEFAULT} /></label>
      <p class="hint">${t('evals.startHint')}</p>
      <button class="primary" ?disabled=${this.busy || this.chosen.length === 0}>${t('evals.run', { n: this.chosen.length })}</button>
    </fieldset></form>`;
  }

  /** The likeliest answers, so that the same model gets the same result again. */
  private async start(event: SubmitEvent, file: string): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.wrong = '';
    try {
      const content = await rowsOf(file, Number(form.get('rows')));
      if (content.length === 0) {
        this.wrong = t('evals.noRows');
        return;
      }
      for (const model of this.chosen) {
        await post<EvalRun>(this.path + '/runs', {
          name: model,
          data_source: {
            type: 'completions',
            model,
            source: { type: 'file_content', content },
            input_messages: { type: 'item_reference', item_reference: 'item.messages' },
            sampling_params: { temperature: 0, max_completion_tokens: Number(form.get('tokens')) },
          },
        });
      }
      this.chosen = [];
    } catch (failure) {
      this.wrong = complaint(failure);
    } finally {
      this.busy = false;
      await this.poll.now();
    }
  }

  private table(): TemplateResult {
    const tokens = (run: EvalRun): number => run.per_model_usage.reduce((sum, { total_tokens: n }) => sum + n, 0);
    const rows: [string, (run: EvalRun) => unknown][] = [
      [t('evals.status'), (run) => this.status(run)],
      [t('evals.passedShare'), (run) => html`<b>${share(run.result_counts.passed, run.result_counts.passed + run.result_counts.failed)}</b>`],
      [t('evals.passed'), (run) => number(run.result_counts.passed)],
      [t('evals.failed'), (run) => number(run.result_counts.failed)],
      [t('evals.errored'), (run) => number(run.result_counts.errored)],
      [t('evals.total'), (run) => number(run.result_counts.total)],
      [t('files.tokens'), (run) => number(tokens(run))],
      [t('job.created'), (run) => moment(run.created_at)],
    ];
    return html`<div class="table-box card"><table class="eval-runs">
      <thead><tr><th scope="col">${t('evals.runs')}</th>
        ${this.runs.map((run) => html`<th scope="col"><a href=${link('evals', `${this.evalId}/${run.id}`)}>${foreign(run.name)}</a></th>`)}</tr></thead>
      <tbody>
        ${rows.map(([name, cell]) => html`<tr><th scope="row">${name}</th>${this.runs.map((run) => html`<td class="number">${cell(run)}</td>`)}</tr>`)}
        ${(this.shown?.testing_criteria ?? []).map(
          ({ name }, i) => html`<tr><th scope="row">${foreign(name)}</th>
            ${this.runs.map((run) => {
              const counts = run.per_testing_criteria_results[i];
              return html`<td class="number">${counts ? share(counts.passed, counts.passed + counts.failed) : '–'}</td>`;
            })}</tr>`,
        )}
        <tr><th scope="row">${t('app.actions')}</th>${this.runs.map((run) => html`<td class="number">${this.act(run)}</td>`)}</tr>
      </tbody>
    </table></div>`;
  }

  private status(run: EvalRun): TemplateResult {
    return html`${t(STATES[run.status])}${run.error ? html`<br />${english(run.error.message)}` : nothing}`;
  }

  private act(run: EvalRun): TemplateResult {
    const path = `${this.path}/runs/${encodeURIComponent(run.id)}`;
    const name = html`<span class="visually-hidden"> ${foreign(run.name)}</span>`;
    return over(run)
      ? html`<button class="small danger" @click=${() => void this.change(() => remove(path))}>${t('app.delete')}${name}</button>`
      : html`<button class="small" @click=${() => void this.change(() => post(path + '/cancel'))}>${t('job.cancel')}${name}</button>`;
  }

  private async change(request: () => Promise<unknown>): Promise<void> {
    this.wrong = '';
    try {
      await request();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.poll.now();
  }
}

const share = (part: number, whole: number): string => percent(whole === 0 ? null : part / whole);
