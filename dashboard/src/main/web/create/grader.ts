import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { post } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { t } from '../core/text.ts';
import { View } from '../core/view.ts';

const KINDS = ['string_check', 'text_similarity', 'score_model', 'json'] as const;
type Kind = (typeof KINDS)[number];
const OPERATIONS = ['eq', 'ne', 'like', 'ilike'] as const;
const MEASURES = ['fuzzy_match', 'bleu', 'gleu', 'meteor', 'rouge_1', 'rouge_2', 'rouge_3', 'rouge_4', 'rouge_5', 'rouge_l'] as const;
const BEGINNING = {
  input: '{{sample.output_text}}', reference: '{{item.answer}}', operation: 'eq', measure: 'fuzzy_match',
  model: '', prompt: '', least: '0', most: '1',
};
type Part = keyof typeof BEGINNING;

/** A tree whose keys have one order. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]))
      : value;
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
const typed = (event: Event): string => (event.target as HTMLInputElement).value;

// What judges the answers of a job by reinforcement: a few fields for the usual graders, and JSON
// for all that the API takes; both can be tried before the start. Fires `changed`.
@customElement('luthier-grader')
export class GraderForm extends View {
  /** Of an earlier job; the form begins with it. */
  @property({ attribute: false }) from: { grader?: unknown; response_format?: unknown } = {};
  /** Models that may judge. */
  @property({ attribute: false }) models: string[] = [];
  @state() private kind: Kind = 'string_check';
  @state() private parts: Record<Part, string> = BEGINNING;
  @state() private json = '';
  /** The form that answers must have, as JSON; empty for any. */
  @state() private form = '';
  @state() private said: { good: boolean; words: TemplateResult | string } | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('from')) return;
    const { grader, response_format: form } = this.from;
    this.form = form ? pretty(form) : '';
    if (!grader) return;
    // Into the fields again where these say all of it.
    this.takeParts(grader as Record<string, unknown>);
    if (pretty(sorted(this.grader())) !== pretty(sorted(grader))) [this.kind, this.json, this.parts] = ['json', pretty(grader), BEGINNING];
  }

  private takeParts(grader: Record<string, unknown>): void {
    const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
    const { type, input, reference, operation, evaluation_metric: measure, model, range } = grader;
    const [least, most] = Array.isArray(range) ? (range as unknown[]) : [0, 1];
    const asked = Array.isArray(input) ? (input[0] as { content?: unknown } | undefined)?.content : '';
    this.kind = KINDS.find((kind) => kind === type) ?? 'json';
    this.parts = {
      input: text(input), reference: text(reference), operation: text(operation), measure: text(measure),
      model: text(model), prompt: text(asked), least: text(least), most: text(most),
    };
    this.json = pretty(grader);
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (['kind', 'parts', 'json'].some((name) => changed.has(name))) this.dispatchEvent(new Event('changed'));
  }

  /** As the API takes it. @throws SyntaxError where what was typed is no JSON */
  get value(): { grader: unknown; response_format?: unknown } {
    return { grader: this.grader(), ...(this.form.trim() && { response_format: JSON.parse(this.form) as unknown }) };
  }

  /** What judges, alone. @throws SyntaxError as `value` */
  get judge(): unknown {
    return this.grader();
  }

  private grader(): unknown {
    const { input, reference, operation, measure, least, most } = this.parts;
    const model = this.parts.model || (this.models[0] ?? '');
    switch (this.kind) {
      case 'string_check':
        return { type: 'string_check', name: 'grade', input, reference, operation };
      case 'text_similarity':
        return { type: 'text_similarity', name: 'grade', input, reference, evaluation_metric: measure };
      case 'score_model':
        return { type: 'score_model', name: 'grade', model, input: [{ role: 'user', content: this.prompt }], range: [Number(least), Number(most)] };
      case 'json':
        return JSON.parse(this.json) as unknown;
    }
  }

  protected override render(): TemplateResult {
    return html`<fieldset class="card group">
      <legend>${t('grader.title')}</legend>
      <label>${t('grader.kind')}
        <select name="grader-kind" @change=${(event: Event) => this.turn(typed(event) as Kind)}>
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${t(`grader.${kind}`)}</option>`)}
        </select></label>
      ${this.kind === 'json' ? this.own() : this.fields(this.kind)}
      <p class="hint" id="grader-hint">${t('grader.hint').split(/(\{\{.+?\}\})/).map((part, i) => (i % 2 ? html`<code dir="ltr">${part}</code>` : part))}</p>
      <div class="actions"><button type="button" class="small" @click=${() => void this.check()}>${t('grader.check')}</button></div>
      <details ?open=${this.form !== ''}><summary>${t('grader.form')}</summary>
        <textarea name="response_format" class="json" rows="5" dir="ltr" spellcheck="false" aria-label=${t('grader.form')}
          placeholder='{"type": "json_object"}' .value=${this.form} @input=${(event: Event) => (this.form = typed(event))}></textarea></details>
      <p role="status" class=${this.said?.good ? 'fine' : 'complaint'}>${this.said?.words ?? nothing}</p>
    </fieldset>`;
  }

  /** What a judging model is asked: in the reader's language until something else is typed. */
  private get prompt(): string {
    return this.parts.prompt || `${t('grader.question')}\n{{sample.output_text}}`;
  }

  private own(): TemplateResult {
    return html`<textarea name="grader" class="json" rows="9" dir="ltr" spellcheck="false" aria-label="JSON" aria-describedby="grader-hint"
      .value=${this.json} @input=${(event: Event) => (this.json = typed(event))}></textarea>`;
  }

  private fields(kind: Exclude<Kind, 'json'>): TemplateResult {
    if (kind === 'score_model') {
      return html`${this.choice('model', t('grader.model'), this.models, (model) => model)}
        <label>${t('grader.prompt')}<textarea name="grader-prompt" rows="3" dir="auto" .value=${this.prompt} @input=${this.into('prompt')}></textarea></label>
        ${this.text('least', t('grader.least'))} ${this.text('most', t('grader.most'))}`;
    }
    return html`${this.text('input', t('grader.input'))}
      ${kind === 'string_check'
        ? this.choice('operation', t('grader.operation'), OPERATIONS, (one) => t(`grader.operation.${one as (typeof OPERATIONS)[number]}`))
        : this.choice('measure', t('grader.measure'), MEASURES, (one) => one)}
      ${this.text('reference', t('grader.reference'))}`;
  }

  private into(part: Part): (event: Event) => void {
    return (event) => (this.parts = { ...this.parts, [part]: typed(event) });
  }

  private text(part: Part, label: string): TemplateResult {
    return html`<label>${label}<input name=${'grader-' + part} dir="ltr" .value=${this.parts[part]} @input=${this.into(part)} /></label>`;
  }

  private choice(part: Part, label: string, among: readonly string[], words: (one: string) => string): TemplateResult {
    return html`<label>${label}<select name=${'grader-' + part} @change=${this.into(part)}>
      ${among.map((one) => html`<option value=${one} ?selected=${one === this.parts[part]}>${words(one)}</option>`)}</select></label>`;
  }

  /** To JSON with what the fields say; back to the fields as they were. */
  private turn(kind: Kind): void {
    if (kind === 'json') this.json = pretty(this.grader());
    this.kind = kind;
    this.said = undefined;
  }

  private async check(): Promise<void> {
    try {
      await post('/v1/fine_tuning/alpha/graders/validate', { grader: this.grader() });
      this.said = { good: true, words: t('grader.good') };
    } catch (failure) {
      this.said = { good: false, words: failure instanceof SyntaxError ? t('grader.noJson') : complaint(failure) };
    }
  }
}
