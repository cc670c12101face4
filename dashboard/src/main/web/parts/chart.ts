import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import { number, t } from '../core/text.ts';
import { View } from '../core/view.ts';

export interface Line {
  name: string;
  /** One of the colours of the style sheet: its variable. */
  colour: string;
  values: (number | null)[];
  /** Measured now and then: drawn with points and joined over the gaps. */
  sparse?: boolean;
  /** Drawn faintly, behind the others and without a name. */
  faint?: boolean;
  /** Lengths of strokes and gaps, so that not only the colour tells it from others. */
  dash?: number[];
  /** The area between this line and the one with that index is filled, where this one is higher … */
  bandTo?: number;
  /** … or where it is lower. */
  bandBelow?: boolean;
}

export interface Mark {
  x: number;
  /** Where a click on it leads, and how that is called. */
  href?: string;
  name?: string;
}

const HEIGHT = 230;

// A curve with a zoom, values under the pointer, and marks. Draws 100,000 points without a stutter,
// because it draws on a canvas; what it shows is said in words beside it.
@customElement('luthier-chart')
export class Chart extends View {
  @property() name = '';
  @property({ attribute: false }) x: number[] = [];
  @property({ attribute: false }) lines: Line[] = [];
  @property({ attribute: false }) marks: Mark[] = [];
  @property({ type: Boolean }) log = false;
  @property({ attribute: false }) format = (value: number): string => number(value, { maximumFractionDigits: 4 });
  @state() private at: number | null = null;
  private plot: uPlot | undefined;
  private drawnAs = '';
  private readonly resized = new ResizeObserver(() => this.fit());

  protected override render(): TemplateResult {
    const shown = this.lines.filter((line) => !line.faint);
    return html`<figure class="chart">
      <figcaption>
        <span class="chart-name">${this.name}</span>
        ${shown.map(
          (line) => html`<span class="legend">${swatch(line)}<bdi>${line.name}</bdi>
            <b class="number">${this.value(line)}</b></span>`,
        )}
        <span class="legend at number">${this.at === null ? '' : number(this.x[this.at] ?? 0)}</span>
      </figcaption>
      <div class="plot-box" dir="ltr">
        <div class="plot" role="slider" tabindex="0" aria-label=${this.name} aria-valuemin=${this.x[0] ?? 0} aria-valuemax=${this.x.at(-1) ?? 0}
          aria-valuenow=${this.x[this.at ?? this.x.length - 1] ?? 0} aria-valuetext=${this.described(shown)} @keydown=${this.walk} @blur=${this.leave}></div>
        ${this.marks.map(({ href, name }) => (href ? html`<a class="mark" href=${href} title=${name ?? ''} aria-label=${name ?? ''}></a>` : nothing))}
      </div>
    </figure>`;
  }

  /** Under the pointer, or the latest. */
  private value(line: Line): string {
    let at = this.at ?? line.values.length - 1;
    while (at > 0 && line.values[at] == null) at--;
    const value = line.values[at];
    return value == null ? '–' : this.format(value);
  }

  private described(shown: Line[]): string {
    const step = t('film.step', { step: this.x[this.at ?? this.x.length - 1] ?? 0 });
    return [step, ...shown.map((line) => `${line.name}: ${this.value(line)}`)].join(', ');
  }

  /** With arrow keys from step to step, as with the pointer; always from left to right. */
  private readonly walk = (event: KeyboardEvent): void => {
    const { plot, x } = this;
    const { min, max } = plot?.scales.x ?? {};
    if (!plot || min == null || max == null || event.ctrlKey || event.altKey || event.metaKey) return;
    const first = x.findIndex((step) => step >= min);
    const last = x.findLastIndex((step) => step <= max);
    const from = this.at ?? last;
    const page = Math.max(1, Math.round((last - first) / 10));
    const to: Record<string, number> = {
      ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1,
      PageDown: from - page, PageUp: from + page, Home: first, End: last,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const at = Math.min(last, Math.max(first, wanted));
    plot.setCursor({ left: plot.valToPos(x[at] ?? 0, 'x'), top: 0 });
    this.at = at;
  };

  private readonly leave = (): void => {
    this.plot?.setCursor({ left: -10, top: -10 });
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    const box = this.querySelector<HTMLElement>('.plot');
    if (!box || (changed.size === 1 && changed.has('at'))) return;
    const colour = (name: string): string => resolved(this, name);
    const shape = [this.log, ...this.lines.map((line) => line.name + line.colour + line.bandTo), colour('ink'), document.documentElement.lang].join();
    const data = [this.x, ...this.lines.map((line) => line.values)] as uPlot.AlignedData;
    if (this.plot && shape === this.drawnAs) {
      this.plot.setData(data, !this.zoomed());
      return;
    }
    this.drawnAs = shape;
    this.plot?.destroy();
    this.plot = new uPlot(this.options(box.clientWidth || 600, colour), data, box);
    this.resized.disconnect();
    this.resized.observe(box);
  }

  private zoomed(): boolean {
    const { min, max } = this.plot?.scales.x ?? {};
    const before = this.plot?.data[0];
    return before !== undefined && before.length > 1 && (min !== before[0] || max !== before[before.length - 1]);
  }

  private fit(): void {
    const box = this.querySelector<HTMLElement>('.plot');
    if (box && this.plot && box.clientWidth !== this.plot.width) {
      this.plot.setSize({ width: box.clientWidth, height: HEIGHT });
    }
  }

  private options(width: number, colour: (name: string) => string): uPlot.Options {
    const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 }, font: '11px system-ui, sans-serif' };
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 } },
      scales: { x: { time: false }, y: this.log ? { distr: 3 } : { auto: true, range } },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? number(tick) : '')) },
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : this.format(tick))) },
      ],
      series: [
        {},
        ...this.lines.map((line): uPlot.Series => ({
          stroke: line.faint ? colour(line.colour) + '44' : colour(line.colour),
          width: line.faint ? 1 : 1.6,
          ...(line.dash && { dash: line.dash }),
          spanGaps: line.sparse ?? false,
          points: { show: line.sparse ? line.values.length < 2000 : line.values.length < 40, size: 4 },
        })),
      ],
      bands: this.lines.flatMap((line, i) =>
        line.bandTo === undefined ? [] : [{ series: [i + 1, line.bandTo + 1] as [number, number], fill: colour(line.colour) + '1f', dir: (line.bandBelow ? 1 : -1) as 1 | -1 }],
      ),
      hooks: {
        setCursor: [(plot) => (this.at = plot.cursor.idx ?? null)],
        draw: [(plot) => this.drawMarks(plot, colour('edge'))],
      },
    };
  }

  private drawMarks(plot: uPlot, colour: string): void {
    const { ctx } = plot;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.setLineDash([3, 3]);
    for (const mark of this.marks) {
      const x = plot.valToPos(mark.x, 'x', true);
      if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, plot.bbox.top);
      ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
      ctx.stroke();
    }
    ctx.restore();
    this.placeLinks(plot);
  }

  /** Over the marks that are in sight. Set by script: the policy forbids styles in markup, not these. */
  private placeLinks(plot: uPlot): void {
    const linked = this.marks.filter((mark) => mark.href);
    this.querySelectorAll<HTMLElement>('.mark').forEach((link, i) => {
      const at = plot.valToPos(linked[i]?.x ?? 0, 'x');
      link.hidden = at < 0 || at > plot.over.clientWidth;
      link.style.left = `${plot.over.offsetLeft + at}px`;
      link.style.top = `${plot.over.offsetTop}px`;
    });
  }

  /** Half of what is seen, around its middle; with the keyboard as well as with the wheel. */
  zoom(factor: number): void {
    const { plot } = this;
    const all = plot?.data[0];
    if (!plot || !all || all.length < 2) return;
    const { min = 0, max = 1 } = plot.scales.x ?? {};
    const middle = ((min ?? 0) + (max ?? 1)) / 2;
    const half = (((max ?? 1) - (min ?? 0)) / 2) * factor;
    plot.setScale('x', {
      min: Math.max(all[0] ?? 0, middle - half),
      max: Math.min(all[all.length - 1] ?? 1, middle + half),
    });
  }
}

/** How a line is drawn, beside its name. */
export const swatch = ({ colour, dash }: Pick<Line, 'colour' | 'dash'>): TemplateResult =>
  html`<svg class=${'swatch ' + colour} width="20" height="4" viewBox="0 0 20 4" aria-hidden="true"><line x1="0" y1="2" x2="20" y2="2" stroke-dasharray=${dash?.join(' ') ?? nothing} /></svg>`;

/** As uPlot's own, but of a line that is flat at nought: that one has no percents beyond a hundred. */
const range: uPlot.Range.Function = (_, least, most) => (least === 0 && most === 0 ? [0, 1] : least == null || most == null ? [least, most] : uPlot.rangeNum(least, most, 0.1, true));

/** A canvas knows no variables and no `light-dark()`: a probe element resolves them. */
function resolved(host: HTMLElement, name: string): string {
  const probe = document.createElement('i');
  probe.className = 'probe swatch ' + name;
  host.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];
  probe.remove();
  return '#' + [r, g, b].map((part) => Math.round(part ?? 0).toString(16).padStart(2, '0')).join('');
}
