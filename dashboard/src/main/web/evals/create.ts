import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { get, post } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { t } from '../core/text.ts';
import type { FileObject, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import { FILE, type Eval } from './types.ts';

const CHECKS = ['eq', 'like', 'ilike'] as const;
const MEASURES = ['fuzzy_match', 'bleu', 'gleu', 'meteor', 'rouge_1', 'rouge_2', 'rouge_l'] as const;
const value = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

// A new eval out of a file of training rows and one criterion. Fires `created` with it.
@customElement('luthier-eval-create')
export class EvalCreate extends View {
  @state() private files: FileObject[] = [];
  @state() private file = '';
  @state() private name = '';
  @state() private criterion = 'fuzzy_match';
  @state() private threshold = '0.8';
  @state() private wrong: TemplateResult | string = '';
  @state() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      this.files = (await get<Listing<FileObject>>('/v1/files?purpose=fine-tune')).data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private get measured(): boolean {
    return MEASURES.some((measure) => measure === this.criterion);
  }

  protected override render(): TemplateResult {
    return html`<form @submit=${this.submit}><fieldset class="card group eval-create">
      <legend>${t('evals.new')}</legend>
      <label>${t('evals.name')}
        <input name="name" maxlength="256" dir="auto" required .value=${this.name} @input=${(event: Event) => (this.name = value(event))} /></label>
      <label>${t('evals.file')}
        <select name="file" required @change=${(event: Event) => (this.file = value(event))}>
          <option value="">${t('create.chooseFile')}</option>
          ${this.files.map((file) => html`<option value=${file.id} ?selected=${file.id === this.file}>${file.filename} (${file.id})</option>`)}
        </select></label>
      <label>${t('evals.criterion')}
        <select name="criterion" @change=${(event: Event) => (this.criterion = value(event))}>
          ${CHECKS.map((check) => html`<option value=${check} ?selected=${check === this.criterion}>${t(`evals.check.${check}`)}</option>`)}
          ${MEASURES.map((measure) => html`<option value=${measure} ?selected=${measure === this.criterion}>${t('evals.alike', { measure })}</option>`)}
        </select></label>
      ${this.measured
        ? html`<label>${t('evals.threshold')}
            <input name="threshold" type="number" min="0" max="1" step="any" required .value=${this.threshold} @input=${(event: Event) => (this.threshold = value(event))} /></label>`
        : nothing}
      <p class="hint">${t('evals.hint')}</p>
      <p role="alert" class="complaint">${this.wrong}</p>
      <button class="primary" ?disabled=${this.busy}>${t('evals.create')}</button>
    </fieldset></form>`;
  }

  private request(): unknown {
    const texts = { name: this.criterion, input: '{{sample.output_text}}', reference: '{{item.reference}}' };
    return {
      name: this.name,
      metadata: { [FILE]: this.file },
      data_source_config: {
        type: 'custom',
        item_schema: {
          type: 'object',
          properties: { messages: { type: 'array' }, reference: { type: 'string' } },
          required: ['messages', 'reference'],
        },
        include_sample_schema: true,
      },
      testing_criteria: [
        this.measured
          ? { type: 'text_similarity', ...texts, evaluation_metric: this.criterion, pass_threshold: Number(this.threshold) }
          : { type: 'string_check', ...texts, operation: this.criterion },
      ],
    };
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    this.wrong = '';
    try {
      const detail = await post<Eval>('/v1/evals', this.request());
      this.dispatchEvent(new CustomEvent('created', { detail, bubbles: true }));
    } catch (failure) {
      this.wrong = complaint(failure);
    } finally {
      this.busy = false;
    }
  };
}
