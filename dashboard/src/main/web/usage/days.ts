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
  const label = (day: Day | undefined): TemplateResult => html`<span>${day ? date(day.start) : ''}</span>`;
  return html`<figure class="days card">
    <figcaption><h2>${t('usage.days')}</h2><span class="hint">${said}</span>
      ${models.map((model, i) => html`<span class="legend"><i class=${'kind kind-' + String(i)}></i>${foreign(model)}</span>`)}
    </figcaption>
    <div class="ends" dir="ltr"><span>${number(most)}</span></div>
    <svg dir="ltr" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${said}>
      ${days.map(pile)}
      <line class="axis" x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT}></line>
    </svg>
    <div class="ends" dir="ltr">${label(days[0])} ${label(days.at(-1))}</div>
  </figure>`;
}
