import { html, nothing, type TemplateResult } from 'lit';
import type { MethodName } from '../core/methods.ts';
import { bytes, duration, number, t } from '../core/text.ts';
import type { DataReport, Estimate } from '../core/types.ts';

const fact = (name: string, content: string): TemplateResult => html`<div><dt>${name}</dt><dd class="number">${content}</dd></div>`;

/** What a job will take: what follows from its rows at once, and what is measured when it has come. */
export function forecast(report: DataReport, method: MethodName, knobs: Record<string, string>, estimate: Estimate | undefined, note: TemplateResult | string): TemplateResult {
  const epochs = Number(knobs['n_epochs']) || (report.auto_epochs ?? 1);
  const batch = Number(knobs['batch_size']) || (report.auto_batch_size ?? 1);
  // To each row so many answers are drawn, as the server rounds them.
  const drawn = Math.min(64, Math.max(2, Math.round(8 * (Number(knobs['compute_multiplier']) || 1))));
  return html`<section class="card group" aria-label=${t('create.estimate')}>
    <h2>${t('create.estimate')}</h2>
    <dl class="facts">
      ${fact(t('create.examples'), number(report.examples))} ${fact(t('job.epochs'), number(epochs))}
      ${fact(t('job.batch'), number(batch))} ${fact(t('create.steps'), number(Math.ceil(report.examples / batch) * epochs))}
      ${method === 'reinforcement'
        ? fact(t('create.answers'), number(report.examples * epochs * drawn))
        : html`${fact(t('create.tokens'), number(report.tokens * epochs))} ${fact(t('create.trained'), number(report.trained_tokens * epochs))}`}
      ${fact(t('create.time'), estimate ? duration(estimate.seconds) : t('jobs.unknown'))}
      ${fact(t('create.memory'), estimate ? bytes(estimate.peak_bytes) : t('jobs.unknown'))}
    </dl>
    <p class="hint" role="status">${note || nothing}</p>
  </section>`;
}
