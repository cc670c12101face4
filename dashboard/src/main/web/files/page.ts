import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { go, link } from '../core/route.ts';
import { bytes, foreign, moment, t } from '../core/text.ts';
import type { FileObject, Listing } from '../core/types.ts';
import type { Key } from '../i18n/en.ts';
import { View } from '../core/view.ts';
import '../parts/drop.ts';
import './rows.ts';

@customElement('luthier-files')
export class FilesPage extends View {
  @property() selected = '';
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private files: FileObject[] | undefined;
  @state() private wrong: TemplateResult | string = '';

  /** The list is asked for whenever it comes into sight. */
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('selected') && this.selected === '') void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      this.files = (await get<Listing<FileObject>>('/v1/files')).data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    if (this.selected) return html`<luthier-rows .fileId=${this.selected} .first=${Number(this.query.get('from')) || 1}></luthier-rows>`;
    return html`<div class="page-head"><h1>${t('files.title')}</h1></div>
      <luthier-drop class="card" .label=${t('files.upload')} @uploaded=${(event: CustomEvent<FileObject>) => go(link('files', event.detail.id))}></luthier-drop>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.files === undefined
        ? html`<p class="loading">${t('app.loading')}</p>`
        : this.files.length === 0
          ? html`<p class="empty">${t('files.none')}</p>`
          : this.table(this.files)}`;
  }

  private table(files: FileObject[]): TemplateResult {
    return html`<div class="table-box card stacked"><table>
      <thead><tr>
        <th scope="col">${t('files.name')}</th><th scope="col">${t('files.id')}</th><th scope="col">${t('files.purpose')}</th>
        <th scope="col" class="number">${t('files.size')}</th><th scope="col">${t('job.created')}</th>
        <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
      </tr></thead>
      <tbody>${files.map((file) => this.line(file))}</tbody>
    </table></div>`;
  }

  private line(file: FileObject): TemplateResult {
    const name = html`<span class="visually-hidden"> ${foreign(file.filename)}</span>`;
    return html`<tr>
      <td>${file.purpose === 'fine-tune'
          ? html`<a href=${link('files', file.id)}>${foreign(file.filename)}</a>`
          : foreign(file.filename)}</td>
      <td><code class="name"><bdi>${file.id}</bdi></code></td>
      <td>${purpose(file.purpose)}</td>
      <td class="number">${bytes(file.bytes)}</td>
      <td class="when">${moment(file.created_at)}</td>
      <td class="row-actions">
        ${file.purpose === 'fine-tune' ? html`<a class="button small" href=${link('jobs', 'new', { training: file.id })}>${t('files.train')}${name}</a>` : nothing}
        <a class="button small" href=${`/v1/files/${encodeURIComponent(file.id)}/content`} download>${t('files.download')}${name}</a>
        <button class="small danger" @click=${() => void this.delete(file)}>${t('app.delete')}${name}</button>
      </td>
    </tr>`;
  }

  private async delete(file: FileObject): Promise<void> {
    if (!confirm(t('files.confirm', { name: file.filename }))) return;
    this.wrong = '';
    try {
      await remove('/v1/files/' + encodeURIComponent(file.id));
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.ask();
  }
}

const PURPOSES: Record<string, Key> = {
  'fine-tune': 'files.purpose.tune', 'fine-tune-results': 'files.purpose.results', batch: 'files.purpose.batch',
  batch_output: 'files.purpose.batchOutput', assistants: 'files.purpose.other', assistants_output: 'files.purpose.other', vision: 'files.purpose.other',
  user_data: 'files.purpose.other', evals: 'files.purpose.evals',
};

function purpose(name: string): string {
  const key = PURPOSES[name];
  return key ? t(key) : name;
}
