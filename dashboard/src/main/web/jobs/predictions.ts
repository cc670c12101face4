import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { figure, foreign, t } from '../core/text.ts';
import type { Checkpoint, DataRow, Job, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import { difference } from '../playground/difference.ts';
import { answered } from '../playground/pane.ts';
import { promptOf, type Prompt } from '../playground/prompts.ts';
import { keep, kept, type Film } from './film.ts';
import { baseOf, playgroundLink } from './playground-link.ts';

const PROMPTS = 5;
const TOKENS_MAX = 80;
const TOGETHER = 2;

interface Frame {
  model: string;
  checkpoint: Checkpoint | null;
}

// A few held-out prompts, answered by the base and at every checkpoint: how the model learns, frame
// by frame. The answers are kept in this browser.
@customElement('luthier-predictions')
export class Predictions extends View {
  @property({ attribute: false }) job!: Job;
  @property({ attribute: false }) checkpoints: Checkpoint[] = [];
  @state() private film: Film | undefined;
  @state() private wrong: TemplateResult | string = '';
  private shown = '';
  private stopper: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopper?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('job') && this.job.id !== this.shown) {
      this.shown = this.job.id;
      this.stopper?.abort();
      this.film = kept(this.job.id);
      this.wrong = '';
      if (!this.film) void this.choose();
    }
    // Whoever asked once sees new checkpoints answer as they come.
    if (changed.has('checkpoints') && this.film?.follow && !this.stopper) void this.fill();
  }

  /** The first rows of the validation file, or of the training file where there is none. */
  private async choose(): Promise<void> {
    const { id, validation_file: validation, training_file: training, model } = this.job;
    const query = new URLSearchParams({ model, limit: String(PROMPTS) });
    try {
      const rows = await get<Listing<DataRow>>(`/internal/ui/files/${encodeURIComponent(validation ?? training)}/rows?${query.toString()}`);
      if (id !== this.job.id) return;
      const prompts = rows.data.map(promptOf).filter((prompt) => prompt !== null);
      this.film = { prompts, answers: {}, follow: false };
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private get frames(): Frame[] {
    return [{ model: baseOf(this.job), checkpoint: null }, ...this.checkpoints.map((checkpoint) => ({ model: checkpoint.model, checkpoint }))];
  }

  private readonly follow = (): void => {
    if (this.film) this.film.follow = true;
    void this.fill();
  };

  private readonly halt = (): void => {
    if (this.film) this.film.follow = false;
    this.stopper?.abort();
  };

  private async fill(): Promise<void> {
    const { film } = this;
    if (!film) return;
    const stopper = (this.stopper = new AbortController());
    const { id } = this.job;
    this.wrong = '';
    this.requestUpdate();
    const work = async (): Promise<void> => {
      for (let next = this.missing(film).next(); !next.done && !stopper.signal.aborted; next = this.missing(film).next()) {
        const [model, at, prompt] = next.value;
        const row = (film.answers[model] ??= []);
        row[at] = ''; // taken
        let text = '';
        try {
          await answered({ model, messages: prompt.messages, temperature: 0, max_completion_tokens: TOKENS_MAX }, stopper.signal, (more) => (text += more));
        } catch (failure) {
          this.wrong = complaint(failure);
          film.follow = false;
          stopper.abort();
        }
        if (stopper.signal.aborted) row[at] = null;
        else row[at] = text || ' ';
        this.requestUpdate();
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
    if (this.stopper === stopper) this.stopper = undefined;
    keep(id, film);
    this.requestUpdate();
  }

  private *missing(film: Film): Generator<[string, number, Prompt]> {
    for (const { model } of this.frames) {
      for (const [at, prompt] of film.prompts.entries()) if (film.answers[model]?.[at] == null) yield [model, at, prompt];
    }
  }

  protected override render(): TemplateResult {
    const { film } = this;
    if (!film) return html`<p class=${this.wrong ? 'complaint' : 'loading'}>${this.wrong || t('app.loading')}</p>`;
    if (film.prompts.length === 0) return html`<p class="empty">${t('film.none')}</p>`;
    const open = [...this.missing(film)].length;
    return html`<div class="run-line">
        ${this.stopper
          ? html`<button @click=${this.halt}>${t('play.stop')}</button><span class="hint" role="status">${t('film.asking')}</span>`
          : open > 0
            ? html`<button class="primary" @click=${this.follow}>${t('film.ask')}</button>`
            : html`<button @click=${this.again}>${t('film.again')}</button>`}
      </div>
      <p class="hint">${t(this.job.validation_file ? 'film.what' : 'film.training')} ${t('film.marked')}</p>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.strip(film)}`;
  }

  private readonly again = (): void => {
    if (this.film) this.film.answers = {};
    this.follow();
  };

  private strip(film: Film): TemplateResult {
    const { frames } = this;
    return html`<div class="table-box film" tabindex="0" role="region" aria-label=${t('film.title')}><table>
      <thead><tr><th scope="col">${t('batch.prompt')}</th>${frames.map((frame) => this.head(frame))}<th scope="col">${t('batch.expected')}</th></tr></thead>
      <tbody>${film.prompts.map(
        (prompt, at) => html`<tr><th scope="row" dir="auto">${foreign(prompt.messages.at(-1)?.content)}</th>
          ${frames.map(({ model }, i) => this.cell(film, model, i > 0 ? frames[i - 1]?.model : undefined, at, prompt.expected))}
          <td class="expected"><div class="words" dir="auto">${prompt.expected || '–'}</div></td></tr>`,
      )}</tbody>
    </table></div>`;
  }

  private head({ model, checkpoint }: Frame): TemplateResult {
    if (!checkpoint) return html`<th scope="col">${t('models.base')}</th>`;
    return html`<th scope="col"><a href=${playgroundLink(this.job, model)}>${t('film.step', { step: checkpoint.step })}</a>
      <span class="number"> · ${t('metric.loss')} ${figure(checkpoint.valid_loss ?? checkpoint.train_loss)}</span></th>`;
  }

  private cell(film: Film, model: string, before: string | undefined, at: number, expected: string): TemplateResult {
    const text = film.answers[model]?.[at];
    if (text == null || text === '') return html`<td><span class="hint">${text === '' ? '…' : '–'}</span></td>`;
    const earlier = before === undefined ? undefined : film.answers[before]?.[at];
    const words = earlier
      ? difference(earlier, text).map((part) => (part.kind === 'both' ? part.text : part.kind === 'here' ? html`<ins>${part.text}</ins>` : nothing))
      : text;
    return html`<td><div class="words" dir="auto">${words}</div>
      ${expected && text.trim() === expected.trim() ? html`<p class="fine small">✓ ${t('film.equal')}</p>` : nothing}</td>`;
  }
}
