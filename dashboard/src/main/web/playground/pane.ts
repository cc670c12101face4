import { complaint, english } from '../core/errors.ts';
import type { TemplateResult } from 'lit';
import { EMPTY, fields, joined, NAMES, type Knobs } from './knobs.ts';
import { ask, type Turn, type Usage } from './stream.ts';
import { append, type Token } from './tokens.ts';

const ALTERNATIVES = 5;

export interface Figures {
  usage: Usage | null;
  firstMillis: number | null;
  totalMillis: number;
  tokensPerSecond: number | null;
  reason: string | null;
}

export interface Exchange extends Turn {
  figures?: Figures;
  tokens?: Token[];
  wrong?: TemplateResult | string;
}

// One model of the playground with its own settings: its conversation, and what each answer cost.
export class Pane {
  turns: Exchange[] = [];
  private stopper: AbortController | undefined;

  constructor(
    public model: string,
    public changed: () => void,
    public own: Knobs = { ...EMPTY },
  ) {}

  get busy(): boolean {
    return this.stopper !== undefined;
  }

  /** The model, and what this pane does otherwise. */
  get label(): string {
    return [this.model, ...NAMES.filter((name) => this.own[name].trim()).map((name) => `${name}=${this.own[name]}`)].join(' ');
  }

  /** The latest answer, when there is one to be read. */
  get answer(): Exchange | undefined {
    const last = this.turns.at(-1);
    return last?.role === 'assistant' && last.content !== '' ? last : undefined;
  }

  stop(): void {
    this.stopper?.abort();
  }

  clear(): void {
    this.turns = [];
    this.changed();
  }

  /** What is said so far, as a model is told. What failed or came back empty is no part of it. */
  messages(system: string, prompt: string): Turn[] {
    const said = this.turns.filter((turn) => turn.content !== '' && !turn.wrong).map(({ role, content }) => ({ role, content }));
    // Nothing new is asked: it is the last question again, without its answer.
    if (!prompt.trim() && said.at(-1)?.role === 'assistant') said.pop();
    return [
      ...(system.trim() ? [{ role: 'system', content: system } as const] : []),
      ...said,
      ...(prompt.trim() ? [{ role: 'user', content: prompt } as const] : []),
    ];
  }

  request(system: string, prompt: string, knobs: Knobs): Record<string, unknown> {
    return { model: this.model, messages: this.messages(system, prompt), ...fields(joined(knobs, this.own)) };
  }

  async ask(system: string, prompt: string, knobs: Knobs): Promise<void> {
    const stopper = (this.stopper = new AbortController());
    const request = { ...this.request(system, prompt, knobs), logprobs: true, top_logprobs: ALTERNATIVES };
    const answer: Exchange = { role: 'assistant', content: '', tokens: [] };
    this.turns = [...this.turns, { role: 'user', content: prompt }, answer];
    this.changed();
    try {
      answer.figures = await answered(request, stopper.signal, (text, tokens, wrong) => {
        answer.content += text;
        if (answer.tokens) append(answer.tokens, tokens);
        if (wrong) answer.wrong = english(wrong);
        this.changed();
      });
    } catch (failure) {
      answer.wrong = complaint(failure);
    } finally {
      this.stopper = undefined;
      this.changed();
    }
  }
}

/** Asks, hands on what comes, and tells what it cost. A stop is no failure. */
export async function answered(
  request: Record<string, unknown>,
  signal: AbortSignal,
  take: (text: string, tokens: NonNullable<Parameters<typeof append>[1]>, wrong: string | undefined) => void,
): Promise<Figures> {
  const figures: Figures = { usage: null, firstMillis: null, totalMillis: 0, tokensPerSecond: null, reason: null };
  const began = performance.now();
  try {
    await ask(request, signal, (chunk) => {
      const choice = chunk.choices?.[0];
      const text = choice?.delta.content ?? '';
      if (text) figures.firstMillis ??= performance.now() - began;
      figures.reason = choice?.finish_reason ?? figures.reason;
      figures.usage = chunk.usage ?? figures.usage;
      take(text, choice?.logprobs?.content ?? [], chunk.error?.message);
    });
  } catch (failure) {
    if (!signal.aborted) throw failure;
    figures.reason = 'stopped';
  }
  figures.totalMillis = performance.now() - began;
  const speaking = figures.totalMillis - (figures.firstMillis ?? 0);
  const after = (figures.usage?.completion_tokens ?? 0) - 1;
  // From the first token on: what came before it is the prompt's time.
  if (after > 0 && speaking > 0) figures.tokensPerSecond = (after * 1000) / speaking;
  return figures;
}
