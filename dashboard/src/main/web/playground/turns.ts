import { html, nothing, type TemplateResult } from 'lit';
import { number, t } from '../core/text.ts';
import { difference, type Part } from './difference.ts';
import type { Exchange, Figures, Pane } from './pane.ts';
import './tokens.ts';
import { drawDifference } from './words.ts';

export type Shown = 'text' | 'differences' | 'tokens';

export interface Look {
  shown: Shown;
  /** Whose answers the others are compared with. */
  first: Pane;
  /** Until the vote: only the latest answer, and nothing that gives a model away. */
  veiled: boolean;
}

export function drawTurns(pane: Pane, look: Look): TemplateResult {
  if (pane.turns.length === 0) return html`<p class="empty">${t('play.empty')}</p>`;
  const from = look.veiled ? Math.max(0, pane.turns.length - 2) : 0;
  return html`<ol class="turns" aria-busy=${String(pane.busy)} tabindex="0" aria-label=${t('play.turns')}>
    ${from > 0 ? html`<li class="hint small">${t('vote.earlier')}</li>` : nothing}
    ${pane.turns.slice(from).map(
      (turn, i) => html`<li class=${'turn ' + turn.role}>
        <span class="visually-hidden">${t(turn.role === 'user' ? 'play.you' : 'play.answer')}</span>
        ${drawWords(pane, turn, from + i, look)}
        ${turn.wrong ? html`<p class="complaint" role="alert">${turn.wrong}</p>` : nothing}
        ${turn.figures && !look.veiled ? drawFigures(turn.figures) : nothing}
      </li>`,
    )}
  </ol>`;
}

function drawWords(pane: Pane, turn: Exchange, at: number, look: Look): TemplateResult {
  const plain = html`<div class="words" dir="auto">${turn.content}</div>`;
  if (turn.role !== 'assistant') return plain;
  if (look.shown === 'tokens' && turn.tokens?.length) return html`<luthier-tokens .tokens=${turn.tokens}></luthier-tokens>`;
  const other = look.first.turns[at];
  if (look.shown !== 'differences' || pane.busy || look.first.busy || !turn.content || !other) return plain;
  if (other === turn) return html`${plain}<p class="hint small">${t('play.reference')}</p>`;
  return drawDifference(compared(other.content, turn));
}

const known = new WeakMap<Exchange, { there: string; here: string; parts: Part[] }>();

function compared(there: string, turn: Exchange): Part[] {
  const found = known.get(turn);
  if (found?.there === there && found.here === turn.content) return found.parts;
  const parts = difference(there, turn.content);
  known.set(turn, { there, here: turn.content, parts });
  return parts;
}

export const seconds = (millis: number | null): string =>
  millis === null ? '–' : number(millis / 1000, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 2 });

function drawFigures({ usage, firstMillis, totalMillis, tokensPerSecond, reason }: Figures): TemplateResult {
  const fact = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`;
  return html`<dl class="facts small">
    ${fact(t('play.promptTokens'), usage ? number(usage.prompt_tokens) : '–')}
    ${fact(t('play.completionTokens'), usage ? number(usage.completion_tokens) : '–')}
    ${fact(t('play.first'), seconds(firstMillis))} ${fact(t('play.total'), seconds(totalMillis))}
    ${fact(t('play.speed'), tokensPerSecond === null ? '–' : number(tokensPerSecond, { maximumFractionDigits: 1 }))}
  </dl>
  ${reason === 'length' ? html`<p class="cut">${t('play.cut')}</p>` : reason === 'stopped' ? html`<p class="cut">${t('play.stopped')}</p>` : nothing}`;
}
