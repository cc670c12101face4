import { html, nothing, type TemplateResult } from 'lit';
import { formOf, graderOf, methodName, settingsOf } from '../core/methods.ts';
import { link } from '../core/route.ts';
import { foreign, moment, number, t } from '../core/text.ts';
import type { Job } from '../core/types.ts';

type Value = TemplateResult | string | typeof nothing;

function field(name: TemplateResult | string, value: Value | null): TemplateResult | typeof nothing {
  return value === null ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

const code = (text: string): TemplateResult => html`<code class="name"><bdi>${text}</bdi></code>`;
const file = (id: string, name: string | undefined): TemplateResult => html`<a href=${link('files', id)}>${name === undefined ? nothing : html`${foreign(name)}<br />`}${code(id)}</a>`;
const result = (id: string): TemplateResult =>
  html`<a href=${`/v1/files/${encodeURIComponent(id)}/content`} download>${code(id)}</a>`;

const folded = (tree: Record<string, unknown>): TemplateResult =>
  html`<details><summary><bdi>${String(tree['type'])}</bdi></summary><pre class="raw" dir="ltr" tabindex="0">${JSON.stringify(tree, null, 2)}</pre></details>`;

/**
 * Every field of a job, under the names that OpenAI's pages use.
 *
 * @param files the names of its files that are known, by id
 */
export function fields(job: Job, files: ReadonlyMap<string, string>): TemplateResult {
  const grader = graderOf(job);
  const form = formOf(job);
  const integrations = job.integrations ?? [];
  const metadata = Object.entries(job.metadata ?? {});
  return html`<dl class="fields">
    ${field(t('job.id'), code(job.id))} ${field(t('job.method'), methodName(job.method.type))}
    ${field(t('job.base'), code(job.model))}
    ${field(t('job.output'), job.fine_tuned_model ? code(job.fine_tuned_model) : '–')}
    ${field(t('job.created'), moment(job.created_at))}
    ${field(t('job.finished'), job.finished_at ? moment(job.finished_at) : '–')}
    ${field(t('job.trainedTokens'), job.trained_tokens === null ? '–' : number(job.trained_tokens))}
    ${settingsOf(job).map(({ label, name, value }) => field(label ?? html`<code>${name}</code>`, html`<bdi>${value}</bdi>`))}
    ${field(t('job.seed'), String(job.seed))}
    ${field(t('job.suffix'), job.user_provided_suffix ? foreign(job.user_provided_suffix) : '–')}
    ${field(t('job.training'), file(job.training_file, files.get(job.training_file)))}
    ${field(t('job.validation'), job.validation_file ? file(job.validation_file, files.get(job.validation_file)) : '–')}
    ${field(t('job.result'), job.result_files.length ? html`${job.result_files.map(result)}` : '–')}
    ${field(t('job.organisation'), code(job.organization_id))}
    ${grader ? field(t('grader.title'), folded(grader)) : nothing} ${form ? field(t('grader.form'), folded(form)) : nothing}
    ${integrations.length ? field(t('outlet.title'), integrations.map(({ type, wandb }) => (wandb ? `${type}: ${wandb.project}` : type)).join(', ')) : nothing}
    ${metadata.length
      ? field(t('job.metadata'), html`${metadata.map(([name, value]) => html`<div><bdi>${name}</bdi> = <bdi>${value}</bdi></div>`)}`)
      : nothing}
  </dl>`;
}
