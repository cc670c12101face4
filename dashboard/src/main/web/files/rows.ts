import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { OFFERED, ofMethod, type MethodName } from '../core/methods.ts';
import { go, link } from '../core/route.ts';
import { bytes, foreign, number, t } from '../core/text.ts';
import type { DataReport, DataRow, Fate, FileObject, Listing, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import { finding, findings } from '../parts/findings.ts';
import { mended } from '../parts/mended.ts';
import { drawLengths } from './lengths.ts';

const PAGE = 10;
const FATES: Fate[] = ['trained', 'context', 'special', 'cut'];

// A file as training sees it: every row rendered by the base's template, every token coloured by
// what happens to it.
@customElement('luthier-rows')
export class Rows extends View {
  @property() fileId = '';
  /** The example to begin with. */
  @property({ attribute: false }) first = 1;
  @state() private file: FileObject | undefined;
  @state() private models: Model[] = [];
  @state() private model = '';
  @state() private from = 1;
  @state() private rows: DataRow[] | undefined;
  @state() private report: DataReport | undefined;
  /** For which method its rows are: each has a report of its own. */
  @state() private method: MethodName = 'supervised';
  @state() private wrong: TemplateResult | string = '';
  /** Which rows are waited for: what comes for others comes too late. */
  private asked = '';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('fileId') || changed.has('first')) void this.begin();
  }

  private async begin(): Promise<void> {
    Object.assign(this, { method: 'supervised', file: undefined, rows: undefined, report: undefined, from: this.first, wrong: '' });
    try {
      const id = this.fileId;
      const [file, models] = await Promise.all([
        get<FileObject>('/v1/files/' + encodeURIComponent(id)),
        get<Listing<Model>>('/v1/models'),
      ]);
      if (id !== this.fileId) return;
      this.file = file;
      this.models = models.data.filter((model) => !model.id.startsWith('ft:'));
      this.model = this.models[0]?.id ?? '';
      await Promise.all([this.askRows(), this.askReport()]);
      if (id === this.fileId && this.method !== 'supervised') await this.askRows();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private get path(): string {
    return `/internal/ui/files/${encodeURIComponent(this.fileId)}`;
  }

  private async askRows(): Promise<void> {
    const query = new URLSearchParams({ model: this.model, from: String(this.from), limit: String(PAGE), ...ofMethod(this.method) });
    const asked = `${this.path}/rows?${query.toString()}`;
    this.asked = asked;
    const { data } = await get<Listing<DataRow>>(asked);
    if (asked === this.asked) this.rows = data;
  }

  private async askReport(): Promise<void> {
    const id = this.fileId;
    const report = await this.check('supervised');
    const found = (...codes: string[]): number => report.counts.filter(({ code }) => codes.includes(code)).reduce((sum, { count }) => sum + count, 0);
    // Rows that all end with a question are there to be answered.
    const prompts = report.examples > 0 && found('last_not_assistant', 'no_answer') >= report.examples;
    const method = found('preference_rows') ? 'dpo' : prompts ? 'reinforcement' : 'supervised';
    const own = method === 'supervised' ? report : await this.check(method);
    if (id === this.fileId) Object.assign(this, { method, report: own });
  }

  private check(method: MethodName): Promise<DataReport> {
    const query = new URLSearchParams({ model: this.model, ...ofMethod(method) });
    return get<DataReport>(`${this.path}/check?${query.toString()}`);
  }

  private async readAs(event: Event): Promise<void> {
    const method = (event.target as HTMLSelectElement).value as MethodName;
    try {
      const report = await this.check(method);
      Object.assign(this, { method, report, wrong: '' });
      await this.askRows();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    const { file, report } = this;
    return html`<div class="page-head">
        <h1>${file ? foreign(file.filename) : t('files.title')}</h1>
        <a class="button" href=${link('files')}>${t('files.back')}</a>
        ${file ? html`<a class="button primary" href=${link('jobs', 'new', { training: file.id, ...ofMethod(this.method) })}>${t('files.train')}</a>` : nothing}
      </div>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${file && report
        ? html`<section class="card group" aria-label=${t('files.check')}>
            <dl class="facts">
              <div><dt><label for="read-as">${t('files.readAs')}</label></dt><dd><select id="read-as" @change=${(event: Event) => void this.readAs(event)}>
                ${OFFERED.map((method) => html`<option value=${method} ?selected=${method === this.method}>${t(`method.${method}`)}</option>`)}</select></dd></div>
              ${fact(t('create.examples'), number(report.examples))} ${fact(t('files.tokens'), number(report.tokens))}
              ${fact(t('files.trained'), number(report.trained_tokens))} ${fact(t('files.size'), bytes(file.bytes))}
            </dl>
            ${report.lengths ? drawLengths(report.lengths) : nothing} ${findings(report, mended(file, this.method, ({ id }) => go(link('files', id))))}
          </section>`
        : nothing}
      ${this.rows ? (this.rows.length ? this.shown(this.rows) : nothing) : this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`}`;
  }

  private shown(rows: DataRow[]): TemplateResult {
    return html`<div class="fates">
        ${FATES.map((fate) => html`<span class=${'piece ' + fate}>${t(`fate.${fate as 'trained' | 'context' | 'special' | 'cut'}`)}</span>`)}
      </div>
      <ol class="data-rows">${rows.map((row) => this.row(row))}</ol>
      ${this.pager(rows)}`;
  }

  private pager(rows: DataRow[]): TemplateResult {
    const total = this.report?.examples ?? 0;
    const last = this.from + rows.length - 1;
    const turn = (by: number): void => {
      this.from = Math.max(1, this.from + by);
      this.askRows().catch((failure: unknown) => (this.wrong = complaint(failure)));
    };
    return html`<nav class="pager" aria-label=${t('files.pages')}>
      <button ?disabled=${this.from <= 1} @click=${() => turn(-PAGE)}>${t('files.before')}</button>
      <span class="number">${t('files.range', { from: this.from, to: last, total })}</span>
      <button ?disabled=${last >= total} @click=${() => turn(PAGE)}>${t('files.after')}</button>
    </nav>`;
  }

  private row(row: DataRow): TemplateResult {
    const drawn = (pieces: string[], fates: Fate[]): TemplateResult => html`<div class="pieces" dir="auto">${pieces.map((text, i) => piece(text, fates[i] ?? 'context'))}</div>`;
    // Before the report nothing is known of the method, by which a row is right or wrong.
    const findings = this.report ? row.findings : [];
    return html`<li class=${findings.some((one) => one.error) ? 'data-row card bad' : 'data-row card'}>
      <header>
        <strong>${t('files.example', { n: row.example })}</strong>
        <span class="hint number">${t('finding.line', { n: row.line })}</span>
        ${row.tokens ? html`<span class="hint number">${t('files.rowTokens', { n: row.tokens, trained: row.trained })}</span>` : nothing}
        ${row.cut ? html`<span class="complaint number">${t('files.rowCut', { n: row.cut })}</span>` : nothing}
      </header>
      ${findings.length ? html`<ul class="findings">${findings.map(finding)}</ul>` : nothing}
      ${row.text === null
        ? row.other
          ? html`<p class="answer-name">${t('files.preferred')}</p>${drawn(row.pieces, row.fates)}
              <p class="answer-name">${t('files.notPreferred')} <span class="hint number">${t('files.rowTokens', { n: row.other.tokens, trained: row.other.trained })}</span></p>${drawn(row.other.pieces, row.other.fates)}`
          : drawn(row.pieces, row.fates)
        : html`<pre class="raw" dir="ltr">${row.text}</pre>`}
    </li>`;
  }
}

const fact = (name: string, content: string): TemplateResult => html`<div><dt>${name}</dt><dd class="number">${content}</dd></div>`;

/** A line break is drawn, so that it can be coloured too. */
const piece = (text: string, fate: Fate): TemplateResult =>
  html`<span class=${'piece ' + (fate === 'special_trained' ? 'special trained' : fate)}>${text.includes('\n') ? text.replaceAll('\n', '↵\n') : text}</span>`;
