import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { formOf, graderOf, methodName, settingsOf } from '../core/methods.ts';
import { go, link } from '../core/route.ts';
import { figure, foreign, number, percent, t } from '../core/text.ts';
import type { Curves, Job, JobSummary, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';
import type { Key } from '../i18n/en.ts';
import { swatch, type Line } from '../parts/chart.ts';
import { isShare, measureName, measuresOf, pair } from '../jobs/measures.ts';

const JOBS_MAX = 4;
const COLOURS = ['accent', 'second', 'good', 'warn'];

interface Side {
  job: Job;
  curves: Curves;
}

// Up to four jobs: their curves on one axis, and what was set differently.
@customElement('luthier-compare')
export class Compare extends View {
  /** Ids of jobs, joined by commas. */
  @property() jobs = '';
  @state() private all: JobSummary[] = [];
  @state() private sides: Side[] = [];
  @state() private wrong: TemplateResult | string = '';

  private get ids(): string[] {
    return this.jobs.split(',').filter(Boolean).slice(0, JOBS_MAX);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('jobs')) void this.ask();
  }

  private async ask(): Promise<void> {
    this.wrong = '';
    try {
      this.all = (await get<Listing<JobSummary>>('/internal/ui/jobs')).data;
      this.sides = await Promise.all(
        this.ids.map(async (id) => {
          const part = encodeURIComponent(id);
          const [job, curves] = await Promise.all([
            get<Job>('/v1/fine_tuning/jobs/' + part),
            get<Curves>(`/internal/ui/jobs/${part}/metrics`),
          ]);
          return { job, curves };
        }),
      );
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>${t('compare.title')}</h1><a class="button" href=${link('jobs')}>${t('jobs.back')}</a></div>
      <p role="alert" class="complaint">${this.wrong}</p>
      ${this.chooser()} ${this.sides.length ? this.shown() : html`<p class="empty">${t(this.ids.length && !this.wrong ? 'app.loading' : 'compare.choose')}</p>`}`;
  }

  private chooser(): TemplateResult {
    const { ids } = this;
    const add = (event: Event): void => {
      const { value } = event.target as HTMLSelectElement;
      if (value) go(link('compare', [...ids, value].join()));
    };
    const rest = this.all.filter((job) => !ids.includes(job.id) && job.step > 0);
    return html`<div class="compared">
      ${this.sides.map(
        ({ job }, i) => html`<span class="pill">${swatch({ colour: COLOURS[i] ?? 'accent', ...dashed(i) })}<a href=${link('jobs', job.id)}>${foreign(name(job))}</a>
          <button class="quiet small" aria-label=${t('compare.remove', { name: name(job) })}
            @click=${() => go(link('compare', ids.filter((id) => id !== job.id).join()))}>×</button></span>`,
      )}
      ${ids.length < JOBS_MAX && rest.length
        ? html`<select aria-label=${t('compare.add')} .value=${''} @change=${add}>
            <option value="">${t('compare.add')}</option>
            ${rest.map((job) => html`<option value=${job.id}>${job.suffix ?? job.model} (${job.id})</option>`)}
          </select>`
        : nothing}
    </div>`;
  }

  private shown(): TemplateResult {
    const steps = Math.max(...this.sides.map(({ curves }) => curves.step.at(-1) ?? 0));
    const x = Array.from({ length: steps }, (_, i) => i + 1);
    const lines = (pick: (curves: Curves) => (number | null)[]): Line[] =>
      this.sides.map(({ job, curves }, i) => {
        const values: (number | null)[] = new Array<number | null>(steps).fill(null);
        pick(curves).forEach((value, at) => (values[(curves.step[at] ?? 1) - 1] = value));
        return { name: name(job), colour: COLOURS[i] ?? 'accent', values, sparse: true, ...(steps <= DASHED_MAX && dashed(i)) };
      }).filter(({ values }) => values.some((value) => value !== null));
    const valid = lines((curves) => curves.full_valid_loss.map((value, i) => value ?? curves.valid_loss[i] ?? null));
    return html`<div class="charts">
      <luthier-chart .name=${t('metric.trainLoss')} .x=${x} .lines=${lines((curves) => curves.train_loss)}></luthier-chart>
      ${valid.length
        ? html`<luthier-chart .name=${t('metric.validLoss')} .x=${x} .lines=${valid}></luthier-chart>`
        : nothing}
      <luthier-chart .name=${t('metric.trainAccuracy')} .x=${x} .lines=${lines((curves) => curves.train_accuracy)} .format=${percent}></luthier-chart>
      ${OTHERS.map(([key, pick, format]) => {
        const drawn = lines(pick);
        return drawn.length
          ? html`<luthier-chart .name=${t(key)} .x=${x} .lines=${drawn} .format=${format}></luthier-chart>`
          : nothing;
      })}
      ${measuresOf(this.sides.map(({ curves }) => curves)).map(
        (measure) => html`<luthier-chart .name=${measureName(measure)} .x=${x} .lines=${lines((curves) => pair(curves, measure).train)}
          .format=${isShare(measure) ? percent : figure}></luthier-chart>`,
      )}
      </div>
      ${this.table()}`;
  }

  /** Each setting that any of the jobs has. */
  private settings(): [string, (side: Side) => string][] {
    const all = this.sides.map(({ job }) => settingsOf(job));
    const names = new Map(all.flat().map(({ name, label }) => [name, label ?? name]));
    const rows = [...names].map(([name, label]): [string, (side: Side) => string] => [
      label,
      ({ job }) => settingsOf(job).find((one) => one.name === name)?.value ?? '–',
    ]);
    const graded = this.sides.some(({ job }) => graderOf(job));
    const said = (tree: unknown): string => (tree ? JSON.stringify(tree) : '–');
    return graded ? [...rows, [t('grader.title'), ({ job }) => said(graderOf(job))], [t('grader.form'), ({ job }) => said(formOf(job))]] : rows;
  }

  /** What differs stands out. */
  private table(): TemplateResult {
    const rows: [string, (side: Side) => string][] = [
      [t('job.method'), ({ job }) => methodName(job.method.type)],
      [t('job.base'), ({ job }) => job.model],
      [t('job.training'), ({ job }) => job.training_file],
      [t('job.validation'), ({ job }) => job.validation_file ?? '–'],
      ...this.settings(),
      [t('job.seed'), ({ job }) => String(job.seed)],
      [t('job.metadata'), ({ job }) => Object.entries(job.metadata ?? {}).map((pair) => pair.join(' = ')).join(', ') || '–'],
      [t('job.trainedTokens'), ({ job }) => (job.trained_tokens === null ? '–' : number(job.trained_tokens))],
      [t('metric.trainLoss'), ({ curves }) => figure(curves.train_loss.at(-1))],
      [t('metric.trainAccuracy'), ({ curves }) => percent(curves.train_accuracy.at(-1))],
      [t('metric.validLoss'), ({ curves }) => figure(last(curves.full_valid_loss) ?? last(curves.valid_loss))],
    ];
    for (const measure of measuresOf(this.sides.map(({ curves }) => curves))) {
      rows.push([measureName(measure), ({ curves }) => (isShare(measure) ? percent : figure)(last(pair(curves, measure).train))]);
    }
    return html`<div class="table-box card"><table class="differences">
      <thead><tr><th scope="col">${t('compare.setting')}</th>
        ${this.sides.map(({ job }) => html`<th scope="col">${foreign(name(job))}</th>`)}</tr></thead>
      <tbody>${rows.map(([label, value]) => {
        const values = this.sides.map(value);
        const differs = new Set(values).size > 1;
        return html`<tr class=${differs ? 'differs' : ''}><th scope="row">${label}</th>
          ${values.map((text) => html`<td class="number"><bdi>${text}</bdi></td>`)}</tr>`;
      })}</tbody>
    </table></div>`;
  }
}

/** Longer curves are drawn without gaps, which would make them stutter. */
const DASHED_MAX = 5000;
const dashed = (i: number): { dash?: number[] } => (i ? { dash: [[8, 3], [2, 3], [10, 3, 2, 3]][i - 1] ?? [] } : {});
const short = (value: number): string => number(value, { maximumSignificantDigits: 3 });
/** What else every step of any method has. */
const OTHERS: [Key, (curves: Curves) => (number | null)[], (value: number) => string][] = [
  ['metric.rate', (curves) => curves.learning_rate, (value) => number(value, { maximumSignificantDigits: 3, notation: 'scientific' })],
  ['metric.norm', (curves) => curves.gradient_norm, short],
  ['play.speed', (curves) => curves.tokens_per_second, short],
];

const name = (job: Job): string => job.user_provided_suffix ?? job.id;
const last = (values: (number | null)[]): number | null => values.findLast((value) => value !== null) ?? null;
