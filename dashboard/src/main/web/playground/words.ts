import { html, type TemplateResult } from 'lit';
import { t } from '../core/text.ts';
import type { Part } from './difference.ts';

const count = (parts: Part[], kind: Part['kind']): number =>
  parts.filter((part) => part.kind === kind).reduce((sum, part) => sum + (part.text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0), 0);

export function drawDifference(parts: Part[]): TemplateResult {
  return html`<div class="words" dir="auto">${parts.map(({ kind, text }) =>
      kind === 'both' ? text : kind === 'here' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`,
    )}</div>
    <p class="hint small">${t('play.differs', { here: count(parts, 'here'), there: count(parts, 'there') })}</p>`;
}
