import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { link } from '../core/route.ts';
import { t } from '../core/text.ts';
import type { DataRow, Listing, Message, Model } from '../core/types.ts';
import { View } from '../core/view.ts';
import type { Language } from '../parts/code.ts';
import '../parts/code.ts';
import { copy } from '../parts/copy.ts';
import './batch.ts';
import { chatCode } from './code.ts';
import { EMPTY, FURTHER, LABELS, NAMES, PATTERNS, USED, USUAL, type Knobs } from './knobs.ts';
import { conversations } from './conversation.ts';
import { Pane } from './pane.ts';
import { promptOf } from './prompts.ts';
import { pack, PANES_MAX, unpack } from './share.ts';
import { SHADES } from './tokens.ts';
import { drawTurns, type Shown } from './turns.ts';
import { drawTally, forget, vote } from './votes.ts';

const SHOWN = ['text', 'differences', 'tokens'] as const;
const LETTERS = 'ABCD';
type Blind = 'off' | 'on' | 'veiled' | 'voted';

/** A fine-tune by what tells it from others first: a narrow pane shows no more of its name. */
const telling = (model: string): string => {
  const [, base = '', own = ''] = /^ft:([^:]+):[^:]*:(.+)$/.exec(model) ?? [];
  return own ? `${own.replace(/^:/, '')} (${base})` : model;
};

// One composer, one to four models beside each other, answers that stream together.
@customElement('luthier-playground')
export class Playground extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private models: string[] = [];
  @state() private panes: Pane[] = [];
  @state() private system = '';
  @state() private prompt = '';
  @state() private knobs: Knobs = { ...USUAL };
  @state() private mode: 'chat' | 'file' = 'chat';
  @state() private shown: Shown = 'text';
  @state() private blind: Blind = 'off';
  @state() private verdict = '';
  @state() private coded = -1;
  @state() private said = '';
  @state() private wrong: TemplateResult | string = '';
  private asked: string | undefined;
  private following = new WeakMap<Element, boolean>();

  protected override willUpdate(changed: PropertyValues): void {
    const wanted = this.query.toString();
    if (changed.has('query') && wanted !== this.asked) {
      this.asked = wanted;
      void this.begin();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
    const { panes, system, prompt, knobs } = this;
    // Names are not given away by leaving.
    if (this.blind === 'off' && panes.some(({ turns }) => turns.length > 0)) conversations.keep(this.asked ?? '', { panes, system, prompt, knobs });
  }

  /** Conversations follow what is said, unless the reader has gone back in them. */
  protected override updated(): void {
    for (const turns of this.querySelectorAll('.turns')) if (this.following.get(turns) ?? true) turns.scrollTop = turns.scrollHeight;
  }

  private readonly scrolled = ({ target }: Event): void => {
    if (target instanceof Element && target.matches('.turns')) this.following.set(target, target.scrollTop + target.clientHeight > target.scrollHeight - 16);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('scroll', this.scrolled, true);
  }

  private async begin(): Promise<void> {
    this.stop();
    Object.assign(this, { blind: 'off', coded: -1, said: '', wrong: '' });
    try {
      const listed = (await get<Listing<Model>>('/v1/models')).data.map((model) => model.id);
      const shared = this.query.get('state');
      if (shared) await this.restore(shared);
      const wanted = shared ? this.panes.map((pane) => pane.model) : (this.query.get('models') ?? '').split(',').filter(Boolean).slice(0, PANES_MAX);
      // A running job's checkpoints answer by name, though they are not in the list yet.
      this.models = [...new Set([...listed, ...wanted])];
      if (shared && this.panes.length) return;
      const before = conversations.take(this.query.toString());
      if (before) {
        Object.assign(this, before);
        for (const pane of this.panes) pane.changed = (): void => this.requestUpdate();
        this.models = [...new Set([...this.models, ...this.panes.map(({ model }) => model)])];
        return;
      }
      const first = wanted.length ? wanted : [listed[0] ?? ''];
      this.panes = first.map((model) => this.pane(model));
      const rows = this.query.get('rows');
      if (rows) await this.fill(rows, first[0] ?? '');
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  private pane(model: string, own?: Knobs): Pane {
    return new Pane(model, () => this.requestUpdate(), own);
  }

  /** What an address says that somebody copied. */
  private async restore(text: string): Promise<void> {
    const found = await unpack(text);
    if (!found) {
      this.wrong = t('play.badLink');
      this.panes = [];
      return;
    }
    const { panes, system, prompt, knobs } = found;
    Object.assign(this, { system, prompt, knobs });
    this.panes = panes.map(({ model, own, turns }) => Object.assign(this.pane(model, own), { turns }));
  }

  private readonly share = async (): Promise<void> => {
    const packed = await pack({
      panes: this.panes.map(({ model, own, turns }) => ({
        model,
        own,
        turns: turns.filter((turn) => !turn.wrong).map(({ role, content }) => ({ role, content })),
      })),
      system: this.system,
      prompt: this.prompt,
      knobs: this.knobs,
    });
    if (!packed) {
      this.said = t('play.tooLong');
      return;
    }
    const to = link('playground', '', { state: packed.text });
    history.replaceState(null, '', to);
    this.asked = new URLSearchParams({ state: packed.text }).toString();
    const copied = await copy(location.href);
    this.said = [t(copied ? 'play.linkCopied' : 'play.linkHere'), ...(packed.whole ? [] : [t('play.linkShort')])].join(' ');
  };

  /** The system prompt that the training rows have, and a first question of theirs. */
  private async fill(file: string, model: string): Promise<void> {
    const query = new URLSearchParams({ model, limit: '1' });
    const found = await get<Listing<DataRow>>(`/internal/ui/files/${encodeURIComponent(file)}/rows?${query.toString()}`);
    const [row] = found.data;
    const messages: Message[] = row?.messages ?? (row && promptOf(row)?.messages) ?? [];
    this.system = words(messages.find((one) => one.role === 'system' || one.role === 'developer'));
    this.prompt ||= words(messages.find((one) => one.role === 'user'));
  }

  private get busy(): boolean {
    return this.panes.some((pane) => pane.busy);
  }

  protected override render(): TemplateResult {
    const empty = this.panes.every((pane) => pane.turns.length === 0);
    return html`<div class="page-head">
        <h1>${t('play.title')}</h1>
        <button ?disabled=${this.panes.length >= PANES_MAX || this.busy} @click=${this.add}>${t('play.add')}</button>
        <button ?disabled=${this.busy || empty} @click=${this.clear}>${t('play.clear')}</button>
        <button ?disabled=${this.busy || this.blind === 'veiled'} @click=${() => void this.share()}>${t('play.share')}</button>
        <button aria-expanded=${String(this.coded >= 0)} ?disabled=${this.blind === 'veiled'} @click=${() => (this.coded = this.coded < 0 ? 0 : -1)}>${t('job.code')}</button>
      </div>
      <p role="status" class="hint said">${this.said}</p>
      <p role="alert" class="complaint">${this.wrong}</p>
      <div class="play">
        ${this.modes()} ${this.mode === 'chat' ? this.views() : nothing}
        <div class=${'panes panes-' + this.panes.length}>${repeat(this.panes, (pane) => pane, (pane, at) => this.column(pane, at))}</div>
        ${this.mode === 'chat' ? this.ballot() : nothing} ${this.composer()}
        ${this.mode === 'file' ? html`<luthier-batch .panes=${this.panes} .system=${this.system} .knobs=${this.knobs}></luthier-batch>` : nothing}
        ${this.code()} ${this.blind === 'off' || this.mode === 'file' ? nothing : drawTally(this.resetTally)}
      </div>`;
  }

  /** One question at a time, or a file of them. */
  private modes(): TemplateResult {
    return html`<div class="modes" role="group" aria-label=${t('play.mode')}>
      ${(['chat', 'file'] as const).map(
        (mode) => html`<button aria-pressed=${String(mode === this.mode)} ?disabled=${this.busy || this.blind === 'veiled'} @click=${() => (this.mode = mode)}>${t(`play.mode.${mode}`)}</button>`,
      )}
    </div>`;
  }

  /** How answers are shown. */
  private views(): TemplateResult {
    const { length } = this.panes;
    return html`<div class="views">
      <div class="filters" role="group" aria-label=${t('play.shown')}>
        ${SHOWN.map(
          (shown) => html`<button aria-pressed=${String(shown === this.shown)} ?disabled=${shown === 'differences' && length < 2}
            @click=${() => (this.shown = shown)}>${t(`play.shown.${shown}`)}</button>`,
        )}
      </div>
      ${this.shown === 'tokens'
        ? html`<span class="scale hint">${t('play.likely')}${SHADES.map((step) => html`<i class=${'token p' + step}></i>`)}${t('play.unlikely')}</span>`
        : nothing}
      <label class="switch"><input type="checkbox" .checked=${live(this.blind !== 'off')} ?disabled=${length < 2 || this.busy} @change=${this.cover} />${t('vote.blind')}</label>
    </div>`;
  }

  private column(pane: Pane, at: number): TemplateResult {
    const veiled = this.blind === 'veiled';
    const drop = (): void => {
      pane.stop();
      this.panes = this.panes.filter((other) => other !== pane);
      this.coded = -1;
    };
    return html`<section class=${this.mode === 'file' ? 'pane card bare' : 'pane card'} aria-label=${veiled ? t('vote.answer', { name: LETTERS[at] ?? '' }) : t('play.pane', { n: at + 1 })}>
      <header>
        ${this.blind === 'veiled' || this.blind === 'voted' ? html`<strong class="letter">${LETTERS[at]}</strong>` : nothing}
        ${veiled ? html`<span class="hint">${t('vote.unnamed')}</span>` : this.chooser(pane, at)}
        ${this.panes.length > 1 && !veiled ? html`<button class="quiet" aria-label=${t('play.remove', { n: at + 1 })} @click=${drop}>×</button>` : nothing}
      </header>
      ${this.mode === 'file' ? nothing : drawTurns(pane, { shown: this.shown, first: this.panes[0] ?? pane, veiled })}
      ${veiled ? nothing : this.ownSettings(pane)}
    </section>`;
  }

  private chooser(pane: Pane, at: number): TemplateResult {
    const choose = (event: Event): void => {
      pane.model = (event.target as HTMLSelectElement).value;
      this.requestUpdate();
    };
    return html`<select aria-label=${t('play.model', { n: at + 1 })} title=${pane.model} ?disabled=${pane.busy} @change=${choose}>
      ${this.models.map((model) => html`<option value=${model} title=${model} ?selected=${model === pane.model}>${telling(model)}</option>`)}
    </select>`;
  }

  /** What this pane does otherwise than the others. */
  private ownSettings(pane: Pane): TemplateResult {
    const differs = NAMES.filter((name) => pane.own[name].trim());
    return html`<details class="own">
      <summary>${t('play.own')}${differs.length ? html` <span class="hint">${differs.map((name) => `${t(LABELS[name])} ${pane.own[name]}`).join(' · ')}</span>` : nothing}</summary>
      <div class="knobs">${this.fields(NAMES, pane.own, this.knobs, (own) => (pane.own = own))}</div>
    </details>`;
  }

  private fields(names: readonly (keyof Knobs)[], knobs: Knobs, usual: Knobs, change: (knobs: Knobs) => void): TemplateResult[] {
    return names.map((name) => {
      const typed = (event: Event): void => {
        change({ ...knobs, [name]: (event.target as HTMLInputElement).value });
        this.requestUpdate();
      };
      return html`<label>${t(LABELS[name])}<input form="composer" inputmode=${PATTERNS[name] ? 'decimal' : 'text'} pattern=${PATTERNS[name] ?? nothing} maxlength="100" dir=${name === 'stop' ? 'auto' : nothing} placeholder=${usual[name]} .value=${knobs[name]} @input=${typed} /></label>`;
    });
  }

  private composer(): TemplateResult {
    const typed = (name: 'system' | 'prompt') => (event: Event): void => {
      this[name] = (event.target as HTMLInputElement).value;
    };
    return html`<form id="composer" class="composer card" @submit=${this.send}>
      <label>${t('play.system')}<textarea rows="1" dir="auto" .value=${this.system} @input=${typed('system')}></textarea></label>
      ${this.mode === 'file'
        ? html`<div class="knobs">${this.shared(USED)}</div>${this.further()}`
        : html`<label>${t('play.message')}<textarea rows="2" dir="auto" required .value=${this.prompt} @input=${typed('prompt')} @keydown=${this.keys}></textarea></label>
            <div class="knobs">
              ${this.shared(USED)}
              <span class="send">
                <button type=${this.busy ? 'button' : 'submit'} class=${this.busy ? '' : 'primary'} ?disabled=${!this.busy && (this.panes.length === 0 || this.blind === 'veiled')}
                  @click=${this.busy ? this.halt : nothing}>${t(this.busy ? 'play.stop' : 'play.send')}</button>
              </span>
            </div>
            ${this.further()}
            <p class="hint">${t('play.keys')}</p>`}
    </form>`;
  }

  private shared(names: readonly (keyof Knobs)[]): TemplateResult[] {
    return this.fields(names, this.knobs, EMPTY, (knobs) => (this.knobs = knobs));
  }

  private further(): TemplateResult {
    return html`<details class="further"><summary>${t('create.more')}</summary><div class="knobs">${this.shared(FURTHER)}</div></details>`;
  }

  /** Asked for once every answer is there. */
  private ballot(): TemplateResult | typeof nothing {
    if (this.blind === 'off') return nothing;
    if (this.blind === 'on') return html`<p class="ballot card hint">${t('vote.how')}</p>`;
    if (this.blind === 'voted') return html`<p class="ballot card" role="status">${this.verdict}</p>`;
    if (this.busy) return html`<p class="ballot card hint">${t('vote.wait')}</p>`;
    return html`<div class="ballot card" role="group" aria-label=${t('vote.question')}>
      <strong>${t('vote.question')}</strong>
      ${this.panes.map((pane, at) => html`<button class="primary" ?disabled=${!pane.answer} @click=${() => this.choose(at)}>${t('vote.answer', { name: LETTERS[at] ?? '' })}</button>`)}
      <button @click=${() => this.choose(null)}>${t('vote.even')}</button>
      <button class="quiet" @click=${() => this.uncover(t('vote.skipped'))}>${t('vote.skip')}</button>
    </div>`;
  }

  private choose(at: number | null): void {
    const winner = at === null ? undefined : this.panes[at];
    vote(this.panes.map((pane) => pane.label), winner?.label ?? null);
    this.uncover(at === null || !winner ? t('vote.wasEven') : t('vote.was', { name: LETTERS[at] ?? '', model: '\u2068' + winner.label + '\u2069' }));
  }

  private uncover(verdict: string): void {
    this.blind = 'voted';
    this.verdict = verdict;
  }

  private readonly cover = (event: Event): void => {
    this.blind = (event.target as HTMLInputElement).checked ? 'on' : 'off';
    this.said = '';
  };

  private readonly resetTally = (): void => {
    if (!confirm(t('vote.confirm'))) return;
    forget();
    this.requestUpdate();
  };

  private code(): TemplateResult | typeof nothing {
    const pane = this.panes[this.coded];
    if (!pane) return nothing;
    const text = (language: Language): string => chatCode(language, pane.request(this.system, this.prompt, this.knobs));
    return html`<section class="card group" aria-label=${t('job.code')}>
      ${this.panes.length > 1
        ? html`<div class="filters" role="group" aria-label=${t('job.model')}>${this.panes.map(
            (_, at) => html`<button aria-pressed=${String(at === this.coded)} @click=${() => (this.coded = at)}>${t('play.pane', { n: at + 1 })}</button>`,
          )}</div>`
        : nothing}
      <luthier-code .text=${text}></luthier-code>
    </section>`;
  }

  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
  };

  private readonly add = (): void => {
    this.panes = [...this.panes, this.pane(this.models[0] ?? '')];
  };

  private readonly clear = (): void => {
    this.panes.forEach((pane) => pane.clear());
    if (this.blind !== 'off') this.blind = 'on';
  };

  private readonly stop = (): void => {
    this.panes.forEach((pane) => pane.stop());
  };

  /** The button asks again once all have stopped: this press is not that question. */
  private readonly halt = (event: Event): void => {
    event.preventDefault();
    this.stop();
  };

  private readonly send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.mode === 'file' || this.busy || this.blind === 'veiled' || this.prompt.trim() === '') return;
    if (this.blind !== 'off' && this.panes.length > 1) {
      this.panes = shuffled(this.panes);
      this.blind = 'veiled';
      this.coded = -1;
    }
    this.following = new WeakMap();
    for (const pane of this.panes) void pane.ask(this.system, this.prompt, this.knobs);
    this.prompt = '';
    this.said = '';
  };
}

function shuffled<T>(these: T[]): T[] {
  const mixed = [...these];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

function words(message: Message | undefined): string {
  return typeof message?.content === 'string' ? message.content : '';
}
