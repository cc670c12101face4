import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { t } from '../core/text.ts';
import type { DataRow, Listing, Message, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import { Pane } from './pane.ts';

const PANES_MAX = 4;

// One composer, one to four models beside each other, answers that stream together.
@customElement('luthier-playground')
export class Playground extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private models: string[] = [];
  @state() private panes: Pane[] = [];
  @state() private system = '';
  @state() private prompt = '';
  @state() private temperature = '0.7';
  @state() private topP = '1';
  @state() private maxTokens = '200';
  @state() private seed = '';
  @state() private wrong: TemplateResult | string = '';
  private asked = '';

  protected override willUpdate(changed: PropertyValues): void {
    const wanted = this.query.toString();
    if (changed.has('query') && wanted !== this.asked) {
      this.asked = wanted;
      void this.begin();
    } else if (this.panes.length === 0 && this.models.length === 0 && !this.asked) {
      this.asked = ' ';
      void this.begin();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  private async begin(): Promise<void> {
    this.stop();
    try {
      const listed = (await get<Listing<Model>>('/v1/models')).data.map((model) => model.id);
      const wanted = (this.query.get('models') ?? '').split(',').filter(Boolean).slice(0, PANES_MAX);
      // A running job's checkpoints answer by name, though they are not in the list yet.
      this.models = [...new Set([...listed, ...wanted])];
      const first = wanted.length ? wanted : [listed[0] ?? ''];
      this.panes = first.map((model) => this.pane(model));
      const rows = this.query.get('rows');
      if (rows) await this.fill(rows, first[0] ?? '');
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private pane(model: string): Pane {
    return new Pane(model, () => this.requestUpdate());
  }

  /** The system prompt that the training rows have, and a first question of theirs. */
  private async fill(file: string, model: string): Promise<void> {
    const query = new URLSearchParams({ model, limit: '1' });
    const found = await get<Listing<DataRow>>(`/internal/ui/files/${encodeURIComponent(file)}/rows?${query.toString()}`);
    const messages = found.data[0]?.messages ?? [];
    this.system = words(messages.find((one) => one.role === 'system' || one.role === 'developer'));
    this.prompt ||= words(messages.find((one) => one.role === 'user'));
  }

  private get busy(): boolean {
    return this.panes.some((pane) => pane.busy);
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head">
        <h1>${t('play.title')}</h1>
        <button ?disabled=${this.panes.length >= PANES_MAX || this.busy} @click=${this.add}>${t('play.add')}</button>
        <button ?disabled=${this.busy || this.panes.every((pane) => pane.turns.length === 0)} @click=${this.clear}>${t('play.clear')}</button>
      </div>
      <p role="alert" class="complaint">${this.wrong}</p>
      <div class="play">
        <div class=${'panes panes-' + this.panes.length}>${this.panes.map((pane, at) => this.column(pane, at))}</div>
        ${this.composer()}
      </div>`;
  }

  private column(pane: Pane, at: number): TemplateResult {
    const choose = (event: Event): void => {
      pane.model = (event.target as HTMLSelectElement).value;
      this.requestUpdate();
    };
    const drop = (): void => {
      pane.stop();
      this.panes = this.panes.filter((other) => other !== pane);
    };
    return html`<section class="pane card" aria-label=${t('play.pane', { n: at + 1 })}>
      <header>
        <select aria-label=${t('play.model', { n: at + 1 })} ?disabled=${pane.busy} @change=${choose}>
          ${this.models.map((model) => html`<option value=${model} ?selected=${model === pane.model}>${model}</option>`)}
        </select>
        ${this.panes.length > 1 ? html`<button class="quiet" aria-label=${t('play.remove', { n: at + 1 })} @click=${drop}>×</button>` : nothing}
      </header>
      ${pane.draw()}
    </section>`;
  }

  private composer(): TemplateResult {
    const typed = (name: 'system' | 'prompt' | 'temperature' | 'topP' | 'maxTokens' | 'seed') => (event: Event): void => {
      this[name] = (event.target as HTMLInputElement).value;
    };
    const knob = (name: 'temperature' | 'topP' | 'maxTokens' | 'seed', label: string, pattern: string): TemplateResult =>
      html`<label>${label}<input inputmode="decimal" pattern=${pattern} .value=${this[name]} @input=${typed(name)} /></label>`;
    return html`<form class="composer card" @submit=${this.send}>
      <label>${t('play.system')}<textarea rows="2" dir="auto" .value=${this.system} @input=${typed('system')}></textarea></label>
      <label>${t('play.message')}<textarea rows="3" dir="auto" required .value=${this.prompt} @input=${typed('prompt')} @keydown=${this.keys}></textarea></label>
      <div class="knobs">
        ${knob('temperature', t('play.temperature'), '[0-9]*[.]?[0-9]+')} ${knob('topP', t('play.topP'), '[0-9]*[.]?[0-9]+')}
        ${knob('maxTokens', t('play.maxTokens'), '[0-9]*')} ${knob('seed', t('job.seed'), '[0-9]*')}
        <span class="send">
          ${this.busy
            ? html`<button type="button" @click=${this.stop}>${t('play.stop')}</button>`
            : html`<button class="primary" ?disabled=${this.panes.length === 0}>${t('play.send')}</button>`}
        </span>
      </div>
      <p class="hint">${t('play.keys')}</p>
    </form>`;
  }

  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
  };

  private readonly add = (): void => {
    this.panes = [...this.panes, this.pane(this.models[0] ?? '')];
  };

  private readonly clear = (): void => {
    this.panes.forEach((pane) => pane.clear());
  };

  private readonly stop = (): void => {
    this.panes.forEach((pane) => pane.stop());
  };

  private readonly send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy || this.prompt.trim() === '') return;
    const settings: Record<string, unknown> = {};
    if (this.temperature.trim()) settings.temperature = Number(this.temperature);
    if (this.topP.trim()) settings.top_p = Number(this.topP);
    if (this.maxTokens.trim()) settings.max_tokens = Number(this.maxTokens);
    if (this.seed.trim()) settings.seed = Number(this.seed);
    for (const pane of this.panes) void pane.ask(this.system, this.prompt, settings);
    this.prompt = '';
  };
}

function words(message: Message | undefined): string {
  return typeof message?.content === 'string' ? message.content : '';
}
