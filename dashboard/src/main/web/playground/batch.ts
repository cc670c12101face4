import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { complaint, english } from '../core/errors.ts';
import { foreign, number, t } from '../core/text.ts';
import { View } from '../core/view.ts';
import '../parts/drop.ts';
import { csv, jsonl, save } from './download.ts';
import type { Knobs } from './knobs.ts';
import type { Pane } from './pane.ts';
import { BYTES_MAX, PROMPTS_MAX, readPrompts, type Prompt, type Prompts } from './prompts.ts';
import { Run, type Cell } from './run.ts';
import { seconds } from './turns.ts';

// A file of prompts through all panes, as a table.
@customElement('luthier-batch')
export class Batch extends View {
  @property({ attribute: false }) panes: Pane[] = [];
  @property() system = '';
  @property({ attribute: false }) knobs!: Knobs;
  @state() private name = '';
  @state() private read: Prompts | undefined;
  @state() private run: Run | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run?.stop();
  }

  private readonly take = async (file: File): Promise<void> => {
    this.run?.stop();
    this.run = undefined;
    this.read = readPrompts(await file.text());
    this.name = file.name;
  };

  private readonly begin = (): void => {
    this.run = new Run(this.read?.prompts ?? [], this.panes, this.system, this.knobs, () => this.requestUpdate());
    void this.run.go();
  };

  protected override render(): TemplateResult {
    const busy = this.run?.busy ?? false;
    return html`<section class="card group batch" aria-label=${t('batch.title')}>
        <luthier-drop .label=${t('batch.file')} .hint=${t('batch.hint')} accept=".jsonl,.txt" .bytesMax=${BYTES_MAX} .tooLarge=${t('batch.tooLarge')} .receive=${this.take}></luthier-drop>
        ${this.found()}
        ${this.read?.prompts.length ? this.controls(busy) : nothing}
      </section>
      ${this.run ? this.table(this.run) : nothing}`;
  }

  private found(): TemplateResult | typeof nothing {
    const { read } = this;
    if (!read) return html`<p class="hint">${t('batch.what')}</p>`;
    return html`<p><bdi><strong>${this.name}</strong></bdi> · ${t('batch.prompts', { n: read.prompts.length })}
        ${read.left ? html`<span class="hint">${t('batch.left', { n: read.left, max: PROMPTS_MAX })}</span>` : nothing}</p>
      ${read.unusable.length
        ? html`<p class="complaint">${t('batch.unusable', { lines: read.unusable.slice(0, 10).map((line) => number(line)).join(', ') + (read.unusable.length > 10 ? ' …' : '') })}</p>`
        : nothing}`;
  }

  private controls(busy: boolean): TemplateResult {
    const { run } = this;
    const left = run ? run.total - run.done : 0;
    return html`<div class="run-line">
      ${busy
        ? html`<button @click=${() => run?.stop()}>${t('play.stop')}</button>`
        : html`${run && left > 0 ? html`<button class="primary" @click=${() => void run.go()}>${t('batch.goOn')}</button>` : nothing}
            <button class=${run && left > 0 ? '' : 'primary'} ?disabled=${this.panes.length === 0} @click=${this.begin}>${t(run ? 'batch.again' : 'batch.run')}</button>`}
      ${run
        ? html`<progress max=${run.total} .value=${run.done} aria-label=${t('job.progress')}></progress>
            <span class="number" role="status">${t('batch.done', { n: run.done, total: run.total })}</span>
            <button ?disabled=${busy || run.done === 0} @click=${() => this.save('csv')}>CSV</button>
            <button ?disabled=${busy || run.done === 0} @click=${() => this.save('jsonl')}>JSONL</button>`
        : nothing}
    </div>`;
  }

  private save(kind: 'csv' | 'jsonl'): void {
    if (!this.run) return;
    const stem = this.name.replace(/\.\w+$/, '');
    if (kind === 'csv') save(`${stem}-answers.csv`, 'text/csv', '\ufeff' + csv(this.run));
    else save(`${stem}-answers.jsonl`, 'application/jsonl', jsonl(this.run));
  }

  private table(run: Run): TemplateResult {
    const known = run.prompts.some(({ expected }) => expected);
    return html`<div class="table-box card answers" tabindex="0" role="region" aria-label=${t('batch.answers')}><table>
      <thead><tr><th scope="col" class="number">${t('batch.line')}</th><th scope="col">${t('batch.prompt')}</th>
        ${known ? html`<th scope="col">${t('batch.expected')}</th>` : nothing}
        ${run.columns.map(({ name }) => html`<th scope="col"><code>${foreign(name)}</code></th>`)}</tr></thead>
      <tbody>${run.prompts.map((prompt, row) => this.row(prompt, run.cells[row] ?? [], known))}</tbody>
      ${run.done ? html`<tfoot>${this.sums(run, known)}</tfoot>` : nothing}
    </table></div>`;
  }

  private row({ line, messages, expected }: Prompt, cells: (Cell | undefined)[], known: boolean): TemplateResult {
    return html`<tr><td class="number">${number(line)}</td><td><div class="words" dir="auto">${messages.at(-1)?.content}</div></td>
      ${known ? html`<td><div class="words" dir="auto">${expected}</div></td>` : nothing}
      ${cells.map((cell) => html`<td>${cell ? this.cell(cell) : html`<span class="hint">–</span>`}</td>`)}</tr>`;
  }

  private cell({ text, figures, failure }: Cell): TemplateResult {
    return html`<div class="words" dir="auto">${text}</div>
      ${failure ? html`<p class="complaint">${failure instanceof Error && failure.constructor === Error ? english(failure.message) : complaint(failure)}</p>` : nothing}
      ${figures ? html`<p class="hint small number">${t('batch.cost', { n: figures.usage?.completion_tokens ?? 0, time: seconds(figures.totalMillis) })}</p>` : nothing}`;
  }

  /** What a column comes to. */
  private sums(run: Run, known: boolean): TemplateResult {
    const sum = (column: number): TemplateResult => {
      const cells = run.cells.map((row) => row[column]).filter((cell) => cell?.figures);
      const mean = (figure: (cell: Cell) => number): number => cells.reduce((all, cell) => all + figure(cell as Cell), 0) / Math.max(1, cells.length);
      const equal = run.prompts.filter(({ expected }, row) => expected && run.cells[row]?.[column]?.text.trim() === expected.trim()).length;
      return html`<td class="number">
        ${t('batch.mean', { tokens: number(mean((cell) => cell.figures?.usage?.completion_tokens ?? 0), { maximumFractionDigits: 1 }), time: seconds(mean((cell) => cell.figures?.totalMillis ?? 0)) })}
        ${known ? html`<br />${t('batch.equal', { n: equal })}` : nothing}
      </td>`;
    };
    return html`<tr><th scope="row" colspan=${known ? 3 : 2}>${t('batch.sum')}</th>${run.columns.map((_, column) => sum(column))}</tr>`;
  }
}
