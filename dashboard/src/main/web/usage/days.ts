import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { settings } from '../core/settings.ts';
import { foreign, number, t } from '../core/text.ts';

export interface Day {
  start: number;
  /** Tokens of each model. */
  parts: number[];
}

const WIDTH = 760;
const HEIGHT = 160;
const FOOT = 18;

const date = (seconds: number): string =>
  new Intl.DateTimeFormat(settings.language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(seconds * 1000);

/** A pile of tokens for each day, one colour a model. */
export function drawDays(days: Day[], models: string[]): TemplateResult {
  const sums = days.map(({ parts }) => parts.reduce((whole, part) => whole + part, 0));
  const most = Math.max(1, ...sums);
  const wide = WIDTH / Math.max(1, days.length);
  const all = sums.reduce((whole, sum) => whole + sum, 0);
  const said = t('usage.said', { n: all, days: days.length });
  const pile = ({ start, parts }: Day, i: number): SVGTemplateResult[] => {
    let foot = HEIGHT;
    return parts.map((tokens, model) => {
      const high = (tokens / most) * HEIGHT;
      foot -= high;
      return svg`<rect class=${'kind-' + String(model)} x=${i * wide + 1} y=${foot} width=${Math.max(1, wide - 2)} height=${high}>
        <title>${t('usage.bar', { date: date(start), model: models[model] ?? '', n: tokens })}</title></rect>`;
    });
  };
  const label = (day: Day | undefined, x: number, anchor: string): SVGTemplateResult =>
    svg`<text x=${x} y=${HEIGHT + FOOT - 4} text-anchor=${anchor}>${day ? date(day.start) : ''}</text>`;
  return html`<figure class="days card">
    <figcaption><h2>${t('usage.days')}</h2><span class="hint">${said}</span>
      ${models.map((model, i) => html`<span class="legend"><i class=${'kind kind-' + String(i)}></i>${foreign(model)}</span>`)}
    </figcaption>
    <svg dir="ltr" viewBox=${`0 -16 ${WIDTH} ${HEIGHT + FOOT + 16}`} role="img" aria-label=${said}>
      ${days.map(pile)}
      <line class="axis" x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT}></line>
      ${label(days[0], 0, 'start')} ${label(days.at(-1), WIDTH, 'end')}
      <text x="0" y="-5" text-anchor="start">${number(most)}</text>
    </svg>
  </figure>`;
}
