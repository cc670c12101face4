import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { number, t } from '../core/text.ts';
import { View } from '../core/view.ts';

export interface Guess {
  text: string;
  probability: number;
}

export interface Token extends Guess {
  top: Guess[];
  /** Of a character that several tokens share: kept until the last of them is there. */
  bytes?: number[];
}

export interface Logprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs?: Logprob[];
}

/** Tokens may end within a character: such ones are joined to what follows, their probabilities multiplied. */
export function append(tokens: Token[], more: Logprob[]): void {
  for (const one of more) {
    const bytes = one.bytes ?? [...new TextEncoder().encode(one.token)];
    const half = tokens.at(-1)?.bytes ? tokens.pop() : undefined;
    const all = [...(half?.bytes ?? []), ...bytes];
    const text = decoded(all);
    const token: Token = {
      text: text ?? '�',
      probability: Math.exp(one.logprob) * (half?.probability ?? 1),
      top: half ? [] : (one.top_logprobs ?? []).map(({ token: guess, logprob }) => ({ text: guess, probability: Math.exp(logprob) })),
    };
    if (text === null && all.length < 4) token.bytes = all;
    tokens.push(token);
  }
}

function decoded(bytes: number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    return null;
  }
}

export const SHADES = [0, 1, 2, 3, 4] as const;
const shade = (probability: number): number => [0.9, 0.5, 0.2, 0.05].filter((least) => probability < least).length;
const visible = (text: string): string => text.replaceAll('\n', '↵').replaceAll(' ', '␣');
const share = (probability: number): string =>
  number(probability, { style: 'percent', maximumFractionDigits: probability < 0.1 ? 2 : 1 });

let made = 0;

// An answer token by token, shaded by how likely each was. One stop of the tab key: arrows go from
// token to token; what else could have stood there is told below, under the pointer as well.
@customElement('luthier-tokens')
export class Tokens extends View {
  @property({ attribute: false, hasChanged: () => true }) tokens: Token[] = [];
  @state() private at = -1;
  private readonly name = `tokens-${++made}`;

  protected override render(): TemplateResult {
    const { tokens } = this;
    return html`<div class="words tokens" dir="auto" role="listbox" tabindex="0" aria-label=${t('play.tokens')}
        aria-activedescendant=${this.at < 0 ? nothing : `${this.name}-${this.at}`}
        @keydown=${this.keys} @pointerover=${this.hovered} @focus=${this.entered}>${tokens.map(
          (token, i) =>
            html`<span role="option" id=${`${this.name}-${i}`} aria-selected=${String(i === this.at)} data-at=${i} class=${'token p' + shade(token.probability)}>${token.text}</span>`,
        )}</div>
      ${this.about(tokens[this.at])}`;
  }

  private about(token: Token | undefined): TemplateResult {
    if (!token) return html`<p class="hint guesses">${t('play.tokensHint')}</p>`;
    const others = token.top.filter((guess) => guess.text !== token.text);
    return html`<div class="guesses" role="status">
      ${this.guess(token, 'chosen')} ${others.map((guess) => this.guess(guess, ''))}
    </div>`;
  }

  private guess({ text, probability }: Guess, kind: string): TemplateResult {
    return html`<div class=${'guess ' + kind}>
      <code><bdi>${visible(text)}</bdi></code>
      <progress max="1" .value=${probability} aria-hidden="true"></progress>
      <span class="number">${share(probability)}</span>
    </div>`;
  }

  private readonly hovered = (event: PointerEvent): void => {
    const at = (event.target as HTMLElement).dataset.at;
    if (at !== undefined) this.at = Number(at);
  };

  private readonly entered = (): void => {
    if (this.at < 0 && this.tokens.length) this.at = 0;
  };

  private readonly keys = (event: KeyboardEvent): void => {
    const forward = getComputedStyle(event.currentTarget as HTMLElement).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const last = this.tokens.length - 1;
    const to: Partial<Record<string, number>> = { ArrowRight: this.at - 1, ArrowLeft: this.at - 1, [forward]: this.at + 1, ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: last };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.at = Math.min(Math.max(next, 0), last);
    this.querySelector(`[data-at="${this.at}"]`)?.scrollIntoView({ block: 'nearest' });
  };
}
