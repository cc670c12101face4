import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { figure, number, percent, t } from '../core/text.ts';
import type { Checkpoint, Curves, Job } from '../core/types.ts';
import { View } from '../core/view.ts';
import type { Chart, Line } from '../parts/chart.ts';
import '../parts/chart.ts';
import { isShare, measureName, measuresOf, pair } from './measures.ts';
import { playgroundLink } from './playground-link.ts';
import { smoothed, verdicts } from './verdict.ts';

@customElement('luthier-metrics')
export class Metrics extends View {
  @property({ attribute: false }) job!: Job;
  @property({ attribute: false }) curves!: Curves;
  @property({ attribute: false }) checkpoints: Checkpoint[] = [];
  @property({ type: Boolean }) ended = false;
  @state() private smoothing = 0;
  @state() private log = false;

  protected override render(): TemplateResult {
    const { curves } = this;
    if (curves.step.length === 0) return html`<p class="empty">${t('job.noMetrics')}</p>`;
    const marks = this.checkpoints.map(({ step, model }) => ({ x: step, name: t('metric.open', { step }), href: playgroundLink(this.job, model) }));
    const lines = marks.map(({ x }) => ({ x }));
    const validLoss = either(curves.full_valid_loss, curves.valid_loss);
    const validAccuracy = either(curves.full_valid_accuracy, curves.valid_accuracy);
    // First, since rewards are what such a method is after.
    const own = measuresOf([curves]).map((measure) => this.measure(measure, lines));
    return html`
      ${this.latest(validLoss, validAccuracy)} ${this.words(validLoss)}
      <div class="chart-tools">
        <label>${t('metric.smoothing')}
          <input type="range" min="0" max="0.98" step="0.02" .value=${String(this.smoothing)} @input=${this.smoothed} /></label>
        <label><input type="checkbox" .checked=${this.log} @change=${this.logged} /> ${t('metric.log')}</label>
        <span class="zoom" role="group" aria-label=${t('metric.zoom')}>
          <button aria-label=${t('metric.zoomIn')} @click=${() => this.zoom(0.5)}>+</button>
          <button aria-label=${t('metric.zoomOut')} @click=${() => this.zoom(2)}>−</button>
          <button @click=${() => this.zoom(Infinity)}>${t('metric.all')}</button>
        </span>
        <a href=${`/internal/ui/jobs/${encodeURIComponent(this.job.id)}/tensorboard`} download>${t('metric.tensorBoard')}</a>
      </div>
      <div class="charts">
      ${own}
      <luthier-chart .name=${t('metric.loss')} .x=${curves.step} ?log=${this.log} .marks=${marks}
        .lines=${this.pair(curves.train_loss, validLoss, t('metric.trainLoss'), t('metric.validLoss'), false)}></luthier-chart>
      <luthier-chart .name=${t('metric.accuracy')} .x=${curves.step} .marks=${lines} .format=${percentTick}
        .lines=${this.pair(curves.train_accuracy, validAccuracy, t('metric.train'), t('metric.valid'), true)}></luthier-chart>
      ${this.one(t('metric.rate'), curves.learning_rate, (value) => number(value, { maximumSignificantDigits: 3, notation: 'scientific' }))}
      ${this.one(t('metric.norm'), curves.gradient_norm)} ${this.one(t('play.speed'), curves.tokens_per_second)}
      </div>
      ${marks.length ? html`<p class="hint">${t('metric.marks')}</p>` : nothing}
    `;
  }

  /** What only the job's method has, in training and on rows held out. */
  private measure(measure: string, marks: { x: number }[]): TemplateResult {
    const { train, valid } = pair(this.curves, measure);
    const shown: Line[] = [{ name: t('metric.train'), colour: 'accent', values: this.smoothing > 0 ? smoothedOver(train, this.smoothing) : train }];
    if (valid.some((value) => value !== null)) shown.push({ name: t('metric.valid'), colour: 'second', values: valid, sparse: true });
    return html`<luthier-chart .name=${measureName(measure)} .x=${this.curves.step} .marks=${marks} .lines=${shown}
      .format=${isShare(measure) ? percentTick : (value: number) => number(value, { maximumSignificantDigits: 4 })}></luthier-chart>`;
  }

  /** A curve of its own; steps of an earlier program have no such figure. */
  private one(name: string, values: (number | null)[], format?: (value: number) => string): TemplateResult | typeof nothing {
    if (values.every((value) => value === null)) return nothing;
    const known = values.map((value) => value ?? 0);
    const shown = this.smoothing > 0 ? smoothed(known, this.smoothing) : values;
    const lines: Line[] = [{ name, colour: 'second', values: shown }];
    return html`<luthier-chart .name=${name} .x=${this.curves.step} .lines=${lines}
      .format=${format ?? ((value: number) => number(value, { maximumSignificantDigits: 4 }))}></luthier-chart>`;
  }

  private pair(train: number[], valid: (number | null)[], trainName: string, validName: string, below: boolean): Line[] {
    const lines: Line[] = [];
    const smooth = this.smoothing > 0;
    if (smooth) lines.push({ name: trainName, colour: 'accent', values: train, faint: true });
    lines.push({ name: trainName, colour: 'accent', values: smooth ? smoothed(train, this.smoothing) : train });
    if (valid.some((value) => value !== null)) {
      lines.push({ name: validName, colour: 'second', values: valid, sparse: true });
      // The gap between both, as a band: its upper edge is the validation line, filled in between.
      lines.push({ name: '', colour: 'second', values: dense(valid), faint: true, bandTo: smooth ? 1 : 0, bandBelow: below });
    }
    return lines;
  }

  private latest(validLoss: (number | null)[], validAccuracy: (number | null)[]): TemplateResult {
    const last = (values: (number | null)[]): number | null => values.findLast((value) => value !== null) ?? null;
    const fact = (name: string, value: string): TemplateResult =>
      html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`;
    // Without rows held out, or where they are asked for rewards, there is none.
    const held = (name: string, words: (value: number) => string, values: (number | null)[]): TemplateResult | typeof nothing => {
      const value = last(values);
      return value === null ? nothing : fact(name, words(value));
    };
    const { curves } = this;
    return html`<dl class="facts">
      ${fact(t('job.step'), number(curves.step.at(-1) ?? 0))} ${fact(t('metric.trainLoss'), figure(curves.train_loss.at(-1)))}
      ${held(t('metric.validLoss'), figure, validLoss)} ${fact(t('metric.trainAccuracy'), percent(curves.train_accuracy.at(-1)))}
      ${held(t('metric.validAccuracy'), percent, validAccuracy)}
      ${measuresOf([curves]).map((measure) => {
        const now = last(pair(curves, measure).train);
        return fact(measureName(measure), isShare(measure) ? percent(now) : figure(now));
      })}
    </dl>`;
  }

  private words(validLoss: (number | null)[]): TemplateResult | typeof nothing {
    const found = verdicts(this.curves, validLoss, this.checkpoints, this.ended);
    return found.length
      ? html`<ul class="verdicts">${found.map((one) => html`<li class=${one.good ? 'good' : 'bad'}>${t(one.key, one.values)}</li>`)}</ul>`
      : nothing;
  }

  private smoothed(event: Event): void {
    this.smoothing = Number((event.target as HTMLInputElement).value);
  }

  private logged(event: Event): void {
    this.log = (event.target as HTMLInputElement).checked;
  }

  /** A chart a frame: all long curves in one would make it stutter. */
  private zoom(factor: number): void {
    const charts = [...this.querySelectorAll<Chart>('luthier-chart')];
    const next = (): void => {
      charts.shift()?.zoom(factor);
      if (charts.length) requestAnimationFrame(next);
    };
    next();
  }
}

const percentTick = (value: number): string => number(value, { style: 'percent', maximumFractionDigits: 1 });

/** As `smoothed`, over the values that are there. */
function smoothedOver(values: (number | null)[], weight: number): (number | null)[] {
  const smooth = smoothed(values.filter((value) => value !== null), weight);
  let at = 0;
  return values.map((value) => (value === null ? null : (smooth[at++] ?? null)));
}

/** The whole validation file where it was measured, else the part of it. */
function either(whole: (number | null)[], part: (number | null)[]): (number | null)[] {
  return whole.map((value, i) => value ?? part[i] ?? null);
}

/** With the gaps filled in between the measured ones. */
export function dense(values: (number | null)[]): (number | null)[] {
  const result: (number | null)[] = [...values];
  let before = -1;
  values.forEach((value, at) => {
    if (value === null) return;
    const first = before < 0 ? null : (values[before] as number);
    for (let i = before + 1; first !== null && i < at; i++) {
      result[i] = first + ((value - first) * (i - before)) / (at - before);
    }
    before = at;
  });
  return result;
}
