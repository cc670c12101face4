import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { get, post } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { t } from '../core/text.ts';
import type { FileObject, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import './criteria.ts';
import type { Criteria } from './criteria.ts';
import { FILE, type Eval } from './types.ts';

const value = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

// A new eval out of a file of training rows and what answers are judged by. Fires `created` with it.
@customElement('luthier-eval-create')
export class EvalCreate extends View {
  @state() private files: FileObject[] = [];
  @state() private file = '';
  @state() private name = '';
  @state() private wrong: TemplateResult | string = '';
  @state() private busy = false;
  @query('luthier-criteria') private criteria!: Criteria;

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
      <luthier-criteria></luthier-criteria>
      <p class="hint">${t('evals.hint')}</p>
      <p role="alert" class="complaint">${this.wrong}</p>
      <button class="primary" ?disabled=${this.busy}>${t('evals.create')}</button>
    </fieldset></form>`;
  }

  private request(): unknown {
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
      testing_criteria: this.criteria.value,
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
      this.wrong = failure instanceof SyntaxError ? t('evals.noJson') : complaint(failure);
    } finally {
      this.busy = false;
    }
  };
}
