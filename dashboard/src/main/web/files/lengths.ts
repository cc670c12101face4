import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { number, t } from '../core/text.ts';
import type { Lengths } from '../core/types.ts';

const WIDTH = 640;
const HEIGHT = 110;

/** How long the rows are, and where they are cut. */
export function drawLengths(lengths: Lengths): TemplateResult {
  const { width, rows, shortest, middle, longest, context_length: context } = lengths;
  const cut = longest > context;
  const said = t('lengths.said', { shortest, middle, longest });
  const end = width * rows.length;
  const most = Math.max(...rows);
  const x = (tokens: number): number => (tokens / end) * WIDTH;
  const bar = (count: number, i: number): SVGTemplateResult | typeof nothing => {
    if (count === 0) return nothing;
    const high = Math.max(2, (count / most) * HEIGHT);
    const from = i * width;
    return svg`<rect class=${from > context ? 'over' : ''} x=${x(from) + 0.5} y=${HEIGHT - high} width=${Math.max(1, x(width) - 1)} height=${high}>
      <title>${t('lengths.bar', { from, to: from + width - 1, n: count })}</title></rect>`;
  };
  return html`<figure class="lengths">
    <figcaption><h2>${t('lengths.title')}</h2><span class="hint">${said}</span></figcaption>
    <div class="ends" dir="ltr"><span>${number(most)}</span></div>
    <svg dir="ltr" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${said}>
      ${rows.map(bar)}
      <line class="axis" x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT}></line>
      ${cut ? svg`<line class="cut-mark" x1=${x(context)} x2=${x(context)} y1="0" y2=${HEIGHT}></line>` : nothing}
    </svg>
    <div class="ends" dir="ltr"><span>${number(0)}</span> <span>${number(end)}</span></div>
    <p class=${cut ? 'cut' : 'hint'}>${t(cut ? 'lengths.cut' : 'lengths.fits', { context })}</p>
  </figure>`;
}
