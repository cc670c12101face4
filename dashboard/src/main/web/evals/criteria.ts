import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { number, t } from '../core/text.ts';
import { View } from '../core/view.ts';

const CHECKS = ['eq', 'like', 'ilike'] as const;
const MEASURES = ['fuzzy_match', 'bleu', 'gleu', 'meteor', 'rouge_1', 'rouge_2', 'rouge_l'] as const;
const OWN = 'json';
const EXAMPLE = `{"type": "string_check", "name": "polite",
 "input": "{{sample.output_text}}", "operation": "ilike", "reference": "please"}`;

interface Line {
  kind: string;
  threshold: string;
  json: string;
}
const FIRST: Line = { kind: 'fuzzy_match', threshold: '0.8', json: '' };

const measured = ({ kind }: Line): boolean => MEASURES.some((measure) => measure === kind);
const typed = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;

// What answers are judged by: the usual criteria in a line each, any other as JSON.
@customElement('luthier-criteria')
export class Criteria extends View {
  @state() private lines: readonly Line[] = [FIRST];

  /** As the API takes them. @throws SyntaxError where what was typed is no JSON */
  get value(): unknown[] {
    return this.lines.map((line, at) => {
      if (line.kind === OWN) return JSON.parse(line.json) as unknown;
      const before = this.lines.slice(0, at).filter(({ kind }) => kind === line.kind).length;
      const name = before ? `${line.kind} ${before + 1}` : line.kind;
      const texts = { name, input: '{{sample.output_text}}', reference: '{{item.reference}}' };
      return measured(line)
        ? { type: 'text_similarity', ...texts, evaluation_metric: line.kind, pass_threshold: Number(line.threshold) }
        : { type: 'string_check', ...texts, operation: line.kind };
    });
  }

  protected override render(): TemplateResult {
    return html`${this.lines.map((line, at) => this.line(line, at))}
      <div class="actions"><button type="button" class="small" @click=${() => (this.lines = [...this.lines, FIRST])}>${t('evals.addCriterion')}</button></div>
      ${this.lines.length > 1 ? html`<p class="hint">${t('evals.every')}</p>` : nothing}`;
  }

  private line(line: Line, at: number): TemplateResult {
    const change = (part: keyof Line) => (event: Event): void => {
      this.lines = this.lines.with(at, { ...line, [part]: typed(event) });
    };
    const option = (kind: string, words: string): TemplateResult => html`<option value=${kind} ?selected=${kind === line.kind}>${words}</option>`;
    return html`<div class="criterion" role="group" aria-label=${`${t('evals.criterion')} ${number(at + 1)}`}>
      <label>${t('evals.criterion')}
        <select name="criterion" .value=${line.kind} @change=${change('kind')}>
          ${CHECKS.map((check) => option(check, t(`evals.check.${check}`)))}
          ${MEASURES.map((measure) => option(measure, t('evals.alike', { measure })))}
          ${option(OWN, t('grader.json'))}
        </select></label>
      ${measured(line)
        ? html`<label>${t('evals.threshold')}
            <input name="threshold" type="number" min="0" max="1" step="any" required .value=${line.threshold} @input=${change('threshold')} /></label>`
        : nothing}
      ${line.kind === OWN
        ? html`<textarea name="criterion-json" class="json" rows="4" dir="ltr" spellcheck="false" required aria-label="JSON" placeholder=${EXAMPLE}
            .value=${line.json} @input=${change('json')}></textarea>`
        : nothing}
      ${this.lines.length > 1
        ? html`<button type="button" class="small quiet" @click=${() => (this.lines = this.lines.toSpliced(at, 1))}>${t('evals.removeCriterion', { n: at + 1 })}</button>`
        : nothing}
    </div>`;
  }
}
