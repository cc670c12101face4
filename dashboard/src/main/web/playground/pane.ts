import { html, nothing, type TemplateResult } from 'lit';
import { complaint, english } from '../core/errors.ts';
import { number, t } from '../core/text.ts';
import { ask, type Turn, type Usage } from './stream.ts';

interface Figures {
  usage: Usage | null;
  firstMillis: number | null;
  totalMillis: number;
  tokensPerSecond: number | null;
  reason: string | null;
}

interface Exchange extends Turn {
  figures?: Figures;
  wrong?: TemplateResult | string;
}

// One model of the playground: its conversation, and what each answer cost.
export class Pane {
  turns: Exchange[] = [];
  private stopper: AbortController | undefined;

  constructor(
    public model: string,
    private readonly changed: () => void,
  ) {}

  get busy(): boolean {
    return this.stopper !== undefined;
  }

  stop(): void {
    this.stopper?.abort();
  }

  clear(): void {
    this.turns = [];
    this.changed();
  }

  async ask(system: string, prompt: string, settings: Record<string, unknown>): Promise<void> {
    const stopper = (this.stopper = new AbortController());
    // What failed or came back empty is no part of the conversation.
    const before = this.turns.filter((turn) => turn.content !== '' && !turn.wrong).map(({ role, content }) => ({ role, content }));
    const answer: Exchange = { role: 'assistant', content: '' };
    this.turns = [...this.turns, { role: 'user', content: prompt }, answer];
    this.changed();
    const messages: Turn[] = [
      ...(system.trim() ? [{ role: 'system', content: system } as const] : []),
      ...before,
      { role: 'user', content: prompt },
    ];
    const figures: Figures = { usage: null, firstMillis: null, totalMillis: 0, tokensPerSecond: null, reason: null };
    const began = performance.now();
    try {
      await ask({ model: this.model, messages, ...settings }, stopper.signal, (chunk) => {
        if (chunk.error) answer.wrong = english(chunk.error.message);
        const choice = chunk.choices?.[0];
        const text = choice?.delta.content;
        if (text) {
          figures.firstMillis ??= performance.now() - began;
          answer.content += text;
        }
        figures.reason = choice?.finish_reason ?? figures.reason;
        figures.usage = chunk.usage ?? figures.usage;
        this.changed();
      });
    } catch (failure) {
      if (stopper.signal.aborted) figures.reason = 'stopped';
      else answer.wrong = complaint(failure);
    } finally {
      figures.totalMillis = performance.now() - began;
      const speaking = figures.totalMillis - (figures.firstMillis ?? 0);
      const after = (figures.usage?.completion_tokens ?? 0) - 1;
      // From the first token on: what came before it is the prompt's time.
      if (after > 0 && speaking > 0) figures.tokensPerSecond = (after * 1000) / speaking;
      answer.figures = figures;
      this.stopper = undefined;
      this.changed();
    }
  }

  draw(): TemplateResult {
    if (this.turns.length === 0) return html`<p class="empty">${t('play.empty')}</p>`;
    return html`<ol class="turns" aria-busy=${String(this.busy)} tabindex="0" aria-label=${t('play.turns')}>
      ${this.turns.map(
        (turn) => html`<li class=${'turn ' + turn.role}>
          <span class="visually-hidden">${t(turn.role === 'user' ? 'play.you' : 'play.answer')}</span>
          <div class="words" dir="auto">${turn.content}</div>
          ${turn.wrong ? html`<p class="complaint" role="alert">${turn.wrong}</p>` : nothing}
          ${turn.figures ? this.figures(turn.figures) : nothing}
        </li>`,
      )}
    </ol>`;
  }

  private figures({ usage, firstMillis, totalMillis, tokensPerSecond, reason }: Figures): TemplateResult {
    const fact = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`;
    const seconds = (millis: number | null): string =>
      millis === null ? '–' : number(millis / 1000, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 2 });
    return html`<dl class="facts small">
      ${fact(t('play.promptTokens'), usage ? number(usage.prompt_tokens) : '–')}
      ${fact(t('play.completionTokens'), usage ? number(usage.completion_tokens) : '–')}
      ${fact(t('play.first'), seconds(firstMillis))} ${fact(t('play.total'), seconds(totalMillis))}
      ${fact(t('play.speed'), tokensPerSecond === null ? '–' : number(tokensPerSecond, { maximumFractionDigits: 1 }))}
      ${reason === 'length' ? html`<div class="cut">${t('play.cut')}</div>` : reason === 'stopped' ? html`<div class="cut">${t('play.stopped')}</div>` : nothing}
    </dl>`;
  }
}
