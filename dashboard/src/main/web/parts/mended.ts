import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { blob, get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { ofMethod, type MethodName } from '../core/methods.ts';
import { t } from '../core/text.ts';
import type { FileObject } from '../core/types.ts';
import { View } from '../core/view.ts';
import { upload } from './upload.ts';

// The mended copy of a file with findings: to keep, or to go on with at once. Fires `uploaded` with
// the new file.
@customElement('luthier-mended')
export class Mended extends View {
  @property({ attribute: false }) file!: FileObject;
  /** Rows of each method have a form of their own. */
  @property() method: MethodName = 'supervised';
  @state() private busy = false;
  @state() private said: TemplateResult | string = '';

  private path(what: 'mends' | 'mended'): string {
    return `/internal/ui/files/${encodeURIComponent(this.file.id)}/${what}?${new URLSearchParams({ ...ofMethod(this.method) }).toString()}`;
  }

  protected override render(): TemplateResult {
    return html`<p class="mended actions">
        <button type="button" class="small" ?disabled=${this.busy} @click=${() => void this.use()}>${t('finding.useMended')}</button>
        <a class="button small" href=${this.path('mended')} download>${t('finding.mended')}</a>
      </p>
      <p class="hint" role="status">${this.busy ? t('app.loading') : this.said || t('finding.mendedHint')}</p>`;
  }

  private async use(): Promise<void> {
    const { file } = this;
    this.busy = true;
    this.said = '';
    try {
      const { changes_in_all: changes } = await get<{ changes_in_all: number }>(this.path('mends'));
      if (changes === 0) {
        this.said = html`<span class="complaint">${t('finding.notMended')}</span>`;
        return;
      }
      const copy = await blob(this.path('mended'));
      const name = file.filename.replace(/(\.jsonl)?$/, '-mended.jsonl');
      const detail = await upload(new File([copy], name), () => undefined);
      this.dispatchEvent(new CustomEvent('uploaded', { detail }));
    } catch (failure) {
      this.said = html`<span class="complaint">${complaint(failure)}</span>`;
    } finally {
      this.busy = false;
    }
  }
}

/** Beside what is wrong with a file. */
export const mended = (file: FileObject | undefined, method: MethodName, uploaded: (file: FileObject) => void): TemplateResult | typeof nothing =>
  file ? html`<luthier-mended .file=${file} .method=${method} @uploaded=${(event: CustomEvent<FileObject>) => uploaded(event.detail)}></luthier-mended>` : nothing;
