import { html, nothing, type TemplateResult } from 'lit';
import { ofMethod, type MethodName } from '../core/methods.ts';
import { bytes, number, t } from '../core/text.ts';
import type { DataReport, Estimate } from '../core/types.ts';
import { estimated } from '../parts/estimated.ts';

const fact = (name: string, content: string): TemplateResult => html`<div><dt>${name}</dt><dd class="number">${content}</dd></div>`;

/**
 * What a job will take: what follows from its rows at once, and what is measured when it has come.
 *
 * @param awaited whether the measure is on its way
 */
export function forecast(report: DataReport, method: MethodName, knobs: Record<string, string>, estimate: Estimate | undefined, awaited: boolean, note: TemplateResult | string): TemplateResult {
  const epochs = Number(knobs['n_epochs']) || (report.auto_epochs ?? 1);
  const batch = Number(knobs['batch_size']) || (report.auto_batch_size ?? 1);
  // To each row so many answers are drawn, as the server rounds them.
  const unknown = awaited ? '…' : '–';
  const drawn = Math.min(64, Math.max(2, Math.round(8 * (Number(knobs['compute_multiplier']) || 1))));
  return html`<section class="card group" aria-label=${t('create.estimate')}>
    <h2>${t('create.estimate')}</h2>
    <dl class="facts">
      ${fact(t('create.examples'), number(report.examples))} ${fact(t('job.epochs'), number(epochs))}
      ${fact(t('job.batch'), number(batch))} ${fact(t('create.steps'), number(Math.ceil(report.examples / batch) * epochs))}
      ${method === 'reinforcement'
        ? fact(t('create.answers'), number(report.examples * epochs * drawn))
        : html`${fact(t('create.tokens'), number(report.tokens * epochs))} ${fact(t('create.trained'), number(report.trained_tokens * epochs))}`}
      ${fact(t('create.time'), estimate ? estimated(estimate) : unknown)}
      ${fact(t('create.memory'), estimate ? bytes(estimate.peak_bytes) : unknown)}
    </dl>
    <p class="hint" role="status">${note || nothing}</p>
  </section>`;
}

/** What the server is asked to foresee; numbers that are still being typed are left out. */
export function foreseen(model: string, method: MethodName, files: { training: string; validation: string }, knobs: Record<string, string>): string {
  return new URLSearchParams({
    model,
    ...ofMethod(method),
    training_file: files.training,
    ...(files.validation && { validation_file: files.validation }),
    ...whole('n_epochs', knobs),
    ...whole('batch_size', knobs),
    ...(method === 'reinforcement'
      ? { ...whole('eval_interval', knobs), ...whole('eval_samples', knobs), ...decimal('compute_multiplier', knobs) }
      : knobs['weights'] && { weights: knobs['weights'] }),
  }).toString();
}

/** A number that the server can take, under its name; nothing while it is being typed. */
function whole(name: string, knobs: Record<string, string>): Record<string, string> {
  const text = (knobs[name] ?? '').trim();
  return /^[1-9][0-9]{0,4}$/.test(text) ? { [name]: text } : {};
}
/** As the former, also with a point. */
function decimal(name: string, knobs: Record<string, string>): Record<string, string> {
  const text = (knobs[name] ?? '').trim();
  return /^[0-9]{0,5}[.]?[0-9]{1,6}$/.test(text) && Number(text) > 0 ? { [name]: text } : {};
}
