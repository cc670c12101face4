import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { complaint } from '../core/errors.ts';
import { number, t } from '../core/text.ts';
import { View } from '../core/view.ts';
import { upload } from './upload.ts';

const BYTES_MAX = 536_870_912;

// A place to drop a file on, or to choose one with the keyboard. Fires `uploaded` with what became of it.
@customElement('luthier-drop')
export class Drop extends View {
  /** What the field is called; also tells several apart. */
  @property() label = '';
  @property() hint = '';
  @property() accept = '.jsonl';
  @property({ attribute: false }) bytesMax = BYTES_MAX;
  @property() tooLarge = '';
  /** What becomes of the file; usually it is sent to the server. */
  @property({ attribute: false }) receive: (file: File, progress: (share: number) => void) => Promise<unknown> = upload;
  @state() private over = false;
  @state() private share: number | undefined;
  @state() private wrong: TemplateResult | string = '';

  protected override render(): TemplateResult {
    const busy = this.share !== undefined;
    return html`<div class="drop ${this.over ? 'over' : ''}" @dragover=${this.dragged} @dragleave=${this.left} @drop=${this.dropped}>
      <label class="drop-label">
        <input type="file" accept=${this.accept} aria-label=${this.label} .value=${live('')} ?disabled=${busy} @change=${this.chosen} />
        <span class="button" aria-hidden="true">${t('drop.choose')}</span>
        <span>${this.hint || t('drop.hint')}</span>
      </label>
      ${busy
        ? html`<progress max="1" .value=${this.share ?? 0} aria-label=${t('drop.progress')}></progress>
            <span class="number" aria-hidden="true">${number(this.share ?? 0, { style: 'percent' })}</span>`
        : nothing}
      <p role="alert" class="complaint">${this.wrong}</p>
    </div>`;
  }

  private dragged(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  private left(): void {
    this.over = false;
  }

  private dropped(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    const file = event.dataTransfer?.files[0];
    if (file && this.share === undefined) void this.take(file);
  }

  private chosen(event: Event): void {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) void this.take(file);
  }

  async take(file: File): Promise<void> {
    this.wrong = '';
    if (file.size > this.bytesMax) {
      this.wrong = this.tooLarge || t('drop.tooLarge');
      return;
    }
    this.share = 0;
    try {
      const detail = await this.receive(file, (share) => (this.share = share));
      this.dispatchEvent(new CustomEvent('uploaded', { detail, bubbles: true }));
    } catch (failure) {
      this.wrong = complaint(failure);
    } finally {
      this.share = undefined;
    }
  }
}
