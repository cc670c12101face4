import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError, get, post } from '../core/api.ts';
import { complaint, pointOut } from '../core/errors.ts';
import { asked, choiceName, details, KNOBS, METHODS, OFFERED, ofMethod, requested, settable, type Knob, type MethodName } from '../core/methods.ts';
import { go, link } from '../core/route.ts';
import { t } from '../core/text.ts';
import type { DataReport, Estimate, FileObject, Integration, Job, Listing, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import { findings } from '../parts/findings.ts';
import { mended } from '../parts/mended.ts';
import '../parts/drop.ts';
import { drafts } from './draft.ts';
import { forecast, foreseen } from './forecast.ts';
import type { GraderForm } from './grader.ts';
import './grader.ts';
import type { Integrations } from './integrations.ts';
import './integrations.ts';

type Part = 'training' | 'validation';
type Check = { state: 'none' } | { state: 'running' } | { state: 'done'; report: DataReport } | { state: 'failed'; why: TemplateResult | string };
/** So that typing a number asks once. */
const PAUSE_MS = 400;
/** How long to wait where the machine could not be measured just now. */
const AGAIN_MS = 10_000;
const NONE: Check = { state: 'none' };

// A new job: everything the API can be told, the findings in its files, and what it will take.
@customElement('luthier-create')
export class CreatePage extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private models: Model[] = [];
  /** Other names that models answer to. */
  @state() private aliases: string[] = [];
  @state() private method: MethodName = 'supervised';
  @state() private files: FileObject[] = [];
  @state() private model = '';
  @state() private chosen: Record<Part, string> = { training: '', validation: '' };
  @state() private checks: Record<Part, Check> = { training: NONE, validation: NONE };
  @state() private knobs: Record<string, string> = {};
  /** Whether the settings of ours are unfolded. */
  @state() private more = false;
  /** What judged an earlier job. */
  @state() private judged: Record<string, unknown> = {};
  @state() private suffix = '';
  @state() private seed = '';
  @state() private metadata = '';
  @state() private outlets: Integration[] = [];
  @state() private wrong: TemplateResult | string = '';
  @state() private busy = false;
  /** Started, or given up: nothing is kept of it. */
  private finished = false;
  @state() private estimate: Estimate | undefined;
  @state() private noEstimate: TemplateResult | string = '';
  /** The judge that rows were last checked for. */
  private checkedFor = 'null';
  /** What the estimate shown, or asked for, is for. */
  @state() private asked = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.finished || this.models.length === 0) return;
    const { method, model, chosen, knobs, more, suffix, seed, metadata } = this;
    const outlets = this.querySelector<Integrations>('luthier-integrations')?.value ?? [];
    drafts.keep(this.query.toString(), { method, model, chosen, knobs, more, suffix, seed, metadata, outlets, judged: this.judging() });
  }

  /** What judges, as it was typed; what is no JSON yet is not kept. */
  private judging(): Record<string, unknown> {
    try {
      return { ...this.querySelector<GraderForm>('luthier-grader')?.value };
    } catch {
      return this.judged;
    }
  }

  private async begin(): Promise<void> {
    try {
      const [models, aliases] = await Promise.all([
        get<Listing<Model>>('/v1/models'),
        get<Listing<{ name: string; answers: boolean }>>('/internal/ui/aliases'),
        this.askFiles(),
      ]);
      this.models = models.data;
      this.aliases = aliases.data.filter(({ answers }) => answers).map(({ name }) => name);
      this.model = this.models[0]?.id ?? '';
      const from = this.query.get('from');
      if (from) this.take(await get<Job>('/v1/fine_tuning/jobs/' + encodeURIComponent(from)));
      const model = this.query.get('model');
      this.method = OFFERED.find((method) => method === this.query.get('method')) ?? this.method;
      if (model && this.known(model)) this.model = model;
      this.suffix = this.query.get('suffix') ?? this.suffix;
      const draft = drafts.take(this.query.toString());
      if (draft) Object.assign(this, draft, this.known(draft.model) ? {} : { model: this.model });
      for (const part of ['training', 'validation'] as const) {
        const id = draft?.chosen[part] ?? this.query.get(part) ?? this.chosen[part];
        if (this.files.some((file) => file.id === id)) this.choose(part, id);
        else this.chosen = { ...this.chosen, [part]: '' };
      }
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private async askFiles(): Promise<void> {
    this.files = (await get<Listing<FileObject>>('/v1/files?purpose=fine-tune')).data;
  }

  private known(model: string): boolean {
    return this.models.some(({ id }) => id === model) || this.aliases.includes(model);
  }

  /** The same settings as an earlier job. */
  private take(job: Job): void {
    if (this.known(job.model)) this.model = job.model;
    this.method = METHODS.find((method) => method === job.method.type) ?? 'supervised';
    this.judged = details(job.method);
    this.chosen = { training: job.training_file, validation: job.validation_file ?? '' };
    this.knobs = asked(job);
    this.more = KNOBS[this.method].some(({ name, ours }) => ours && this.knobs[name]);
    this.suffix = job.user_provided_suffix ?? '';
    this.seed = String(job.seed);
    this.outlets = job.integrations ?? [];
    this.metadata = Object.entries(job.metadata ?? {}).map(([name, value]) => `${name}=${value}`).join('\n');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model') && this.model) {
      for (const part of ['training', 'validation'] as const) {
        if (this.chosen[part] && this.checks[part].state !== 'none') void this.check(part);
      }
    }
  }

  protected override updated(): void {
    void this.askEstimate();
  }

  /** Once for each model, files and settings; the first time on a machine it is measured for some seconds. */
  private async askEstimate(): Promise<void> {
    const checks = [this.checks.training, ...(this.chosen.validation ? [this.checks.validation] : [])];
    const good = checks.every((check) => check.state === 'done' && check.report.failure === null);
    const query = good ? foreseen(this.model, this.method, this.chosen, this.knobs) : '';
    if (query === this.asked) return;
    this.asked = query;
    this.estimate = undefined;
    this.noEstimate = '';
    if (!query) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (query !== this.asked) return;
    const current = (): boolean => query === this.asked && this.isConnected;
    for (let again = true; again && current(); ) {
      try {
        const estimate = await get<Estimate>(`/internal/ui/estimate?${query}`);
        if (current()) Object.assign(this, { estimate, noEstimate: '' });
        return;
      } catch (failure) {
        again = failure instanceof ApiError && failure.status === 503;
        if (current()) this.noEstimate = complaint(failure);
        if (again) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** The rows of each method have a form of their own, so files are read anew. */
  private train(method: MethodName): void {
    this.method = method;
    this.choose('validation', this.chosen.validation);
    this.choose('training', this.chosen.training);
  }

  private choose(part: Part, id: string): void {
    this.chosen = { ...this.chosen, [part]: id };
    if (id) void this.check(part);
    else this.checks = { ...this.checks, [part]: NONE };
    // Which rows of the validation file are in the training file is another question now.
    if (part === 'training' && this.chosen.validation && this.checks.validation.state !== 'none') void this.check('validation');
  }

  /** What is to judge answers, as far as it can be read; rows are held against the fields that it names. */
  private get judge(): string {
    try {
      return JSON.stringify(this.querySelector<GraderForm>('luthier-grader')?.judge ?? null);
    } catch {
      return 'null';
    }
  }

  private readonly rejudge = async (): Promise<void> => {
    const { judge } = this;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (judge !== this.judge || judge === this.checkedFor) return;
    for (const part of ['training', 'validation'] as const) if (this.chosen[part]) void this.check(part);
  };

  private async check(part: Part): Promise<void> {
    const id = this.chosen[part];
    const { model, method, judge } = this;
    this.checkedFor = judge;
    const current = (): boolean => this.chosen[part] === id && this.model === model && this.method === method && this.checkedFor === judge;
    const judged: Record<string, string> = method === 'reinforcement' && judge !== 'null' ? { grader: judge } : {};
    this.checks = { ...this.checks, [part]: { state: 'running' } };
    const ask = (more: Record<string, string>): Promise<DataReport> => {
      const query = new URLSearchParams({ model, part, ...ofMethod(method), ...more, ...(part === 'validation' && this.chosen.training && { training: this.chosen.training }) });
      return get<DataReport>(`/internal/ui/files/${encodeURIComponent(id)}/check?${query.toString()}`);
    };
    let found: Check;
    try {
      const report = await ask(judged).catch((failure: unknown) => {
        // What is wrong with the grader is said beside it; rows are checked without it.
        if (failure instanceof ApiError && failure.param?.includes('grader')) return ask({});
        throw failure;
      });
      found = { state: 'done', report };
    } catch (failure) {
      found = { state: 'failed', why: complaint(failure) };
    }
    if (current()) this.checks = { ...this.checks, [part]: found };
  }

  private async uploaded(part: Part, file: FileObject): Promise<void> {
    await this.askFiles();
    this.choose(part, file.id);
    // What was pressed may be gone with the findings it stood beside.
    await this.updateComplete;
    if (!document.activeElement?.matches('a, button, input, select, textarea')) this.querySelector<HTMLElement>(`[data-part=${part}] select`)?.focus();
  }

  protected override render(): TemplateResult {
    return html`<form class="create" @submit=${this.submit}>
      <div class="page-head"><h1>${t('create.title')}</h1><a class="button" href=${link('jobs')} @click=${() => (this.finished = true)}>${t('create.back')}</a></div>
      <div class="create-columns">
        <div>
          <fieldset class="card group">
            <legend>${t('create.what')}</legend>
            <label>${t('create.method')}
              <select name="method" aria-describedby="method-hint" @change=${(event: Event) => this.train(value(event) as MethodName)}>
                ${OFFERED.map((method) => html`<option value=${method} ?selected=${method === this.method}>${t(`method.${method}`)}</option>`)}
              </select></label>
            <p class="hint" id="method-hint">${t(`method.${this.method}Hint`)}</p>
            <label>${t('create.model')}
              <select name="model" .value=${this.model} @change=${(event: Event) => (this.model = (event.target as HTMLSelectElement).value)}>
                ${this.models.map(({ id }) => this.option(id))}
                ${this.aliases.length ? html`<optgroup label=${t('alias.title')}>${this.aliases.map((name) => this.option(name))}</optgroup>` : nothing}
              </select></label>
            <label>${t('create.suffix')}
              <input name="suffix" maxlength="64" dir="auto" .value=${this.suffix} @input=${(event: Event) => (this.suffix = value(event))} /></label>
            <label>${t('create.seed')}
              <input name="seed" inputmode="numeric" pattern="[0-9]{1,10}" placeholder=${t('create.random')} .value=${this.seed} @input=${(event: Event) => (this.seed = value(event))} /></label>
          </fieldset>
          ${this.data('training')} ${this.data('validation')}
        </div>
        <div>
          <fieldset class="card group">
            <legend>${t('create.knobs')}</legend>
            ${KNOBS[this.method].filter(({ ours }) => !ours).map((knob) => this.knob(knob))}
            <p class="hint">${t('create.autoHint')}</p>
            ${this.ours()}
          </fieldset>
          ${this.method === 'reinforcement'
            ? html`<luthier-grader @changed=${this.rejudge} .from=${this.judged} .models=${this.models.map(({ id }) => id)}></luthier-grader>`
            : nothing}
          <fieldset class="card group">
            <legend>${t('create.more')}</legend>
            <label>${t('job.metadata')}
              <textarea name="metadata" rows="2" dir="auto" aria-describedby="metadata-hint" .value=${this.metadata} @input=${(event: Event) => (this.metadata = value(event))}></textarea></label>
            <p class="hint" id="metadata-hint">${t('create.metadataHint')}</p>
            <luthier-integrations .from=${this.outlets}></luthier-integrations>
          </fieldset>
          ${this.forecast()}
          <p role="alert" class="complaint">${this.wrong}</p>
          ${this.missing ? html`<p class="hint" id="missing">${t(this.missing)}</p>` : nothing}
          <button class="primary wide" ?disabled=${this.busy || this.missing !== undefined} aria-describedby=${this.missing ? 'missing' : nothing}>${t('create.start')}</button>
        </div>
      </div>
    </form>`;
  }

  /** Why a job cannot be started yet. */
  private get missing(): 'create.needsFile' | 'create.needsValidation' | 'create.needsMending' | undefined {
    if (!this.chosen.training) return 'create.needsFile';
    if (this.method === 'reinforcement' && !this.chosen.validation) return 'create.needsValidation';
    // What a job would fail for.
    const broken = Object.values(this.checks).some((check) => check.state === 'done' && check.report.failure !== null);
    return broken ? 'create.needsMending' : undefined;
  }

  /** Settings that OpenAI does not have, folded unless an earlier job had one. */
  private ours(): TemplateResult | typeof nothing {
    const knobs = settable(this.method, this.knobs).filter(({ ours }) => ours);
    if (knobs.length === 0) return nothing;
    return html`<details ?open=${this.more} @toggle=${(event: Event) => (this.more = (event.target as HTMLDetailsElement).open)}>
      <summary>${t('create.ours')}</summary>
      <div class="group-body">${knobs.map((knob) => this.knob(knob))}<p class="hint">${t('create.oursHint')}</p></div>
    </details>`;
  }

  private option(model: string): TemplateResult {
    return html`<option value=${model} ?selected=${model === this.model}>${model}</option>`;
  }

  private knob({ name, label, pattern, choices }: Knob): TemplateResult {
    const set = (event: Event): void => {
      this.knobs = { ...this.knobs, [name]: value(event) };
    };
    const known = this.knobs[name] ?? '';
    const field = name.split('.').at(-1);
    return html`<label>${t(label)}
      ${choices
        ? html`<select name=${field} @change=${set}>
            ${['', ...choices].map((one) => html`<option value=${one} ?selected=${one === known}>${one ? choiceName(one) : t('create.auto')}</option>`)}</select>`
        : html`<input name=${field} inputmode="decimal" pattern=${pattern} placeholder=${t('create.auto')} .value=${known} @input=${set} />`}</label>`;
  }

  private data(part: Part): TemplateResult {
    const label = t(part === 'training' ? 'job.training' : 'job.validation');
    const check = this.checks[part];
    return html`<fieldset class="card group" data-part=${part}>
      <legend>${label}</legend>
      <select aria-label=${label} @change=${(event: Event) => this.choose(part, value(event))}>
        <option value="">${t(part === 'training' ? 'create.chooseFile' : 'create.noFile')}</option>
        ${this.files.map((file) => html`<option value=${file.id} ?selected=${file.id === this.chosen[part]}>${file.filename} (${file.id})</option>`)}
      </select>
      <luthier-drop .label=${label} @uploaded=${(event: CustomEvent<FileObject>) => void this.uploaded(part, event.detail)}></luthier-drop>
      <div role="status">
        ${check.state === 'running' ? html`<p class="hint">${t('create.checking')}</p>` : nothing}
        ${check.state === 'failed' ? html`<p class="complaint">${check.why}</p>` : nothing}
        ${check.state === 'done'
          ? html`${this.otherMethod(check.report)} ${findings(check.report, mended(this.files.find(({ id }) => id === this.chosen[part]), this.method, (file) => void this.uploaded(part, file)))} ${check.report.examples ? html`<a href=${link('files', this.chosen[part])}>${t('create.rows', { n: check.report.examples })}</a>` : nothing}`
          : nothing}
      </div>
    </fieldset>`;
  }

  /** Rows of preferences under another method: one press away from theirs. */
  private otherMethod(report: DataReport): TemplateResult | typeof nothing {
    return this.method !== 'dpo' && report.counts.some(({ code }) => code === 'preference_rows')
      ? html`<p><button type="button" class="small" @click=${() => this.train('dpo')}>${t('create.useDpo')}</button></p>`
      : nothing;
  }

  private forecast(): TemplateResult | typeof nothing {
    const check = this.checks.training;
    if (check.state !== 'done' || check.report.examples === 0) return nothing;
    const awaited = this.asked !== '' && !this.estimate && !this.noEstimate;
    const measured = t(this.estimate?.at_most ? 'create.measuredMost' : 'create.measured');
    return forecast(check.report, this.method, this.knobs, this.estimate, awaited, this.noEstimate || (this.estimate ? measured : awaited ? t('create.measuring') : ''));
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    this.wrong = '';
    try {
      const job = await post<Job>('/v1/fine_tuning/jobs', this.request());
      this.finished = true;
      go(link('jobs', job.id));
    } catch (failure) {
      const words = failure instanceof SyntaxError ? t('grader.noJson') : complaint(failure);
      if (!pointOut(this, failure, words)) this.wrong = words;
    } finally {
      this.busy = false;
    }
  };

  private request(): Record<string, unknown> {
    const judge = this.querySelector<GraderForm>('luthier-grader')?.value ?? {};
    const pairs = this.metadata
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map((line) => {
        const at = line.indexOf('=');
        return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      });
    const integrations = this.querySelector<Integrations>('luthier-integrations')?.value ?? [];
    return {
      model: this.model,
      training_file: this.chosen.training,
      ...(this.chosen.validation && { validation_file: this.chosen.validation }),
      ...(this.suffix.trim() && { suffix: this.suffix.trim() }),
      ...(this.seed.trim() && { seed: Number(this.seed) }),
      ...(pairs.length > 0 && { metadata: Object.fromEntries(pairs) as Record<string, string> }),
      ...(integrations.length > 0 && { integrations }),
      method: { type: this.method, [this.method]: { ...judge, hyperparameters: requested(this.method, this.knobs) } },
    };
  }
}

const value = (event: Event): string => (event.target as HTMLInputElement).value;
