import { html, nothing, type TemplateResult } from 'lit';
import { english } from '../core/errors.ts';
import { settings } from '../core/settings.ts';
import { filled, t } from '../core/text.ts';
import type { DataReport, Finding, FindingCount } from '../core/types.ts';
import { bg } from '../i18n/findings/bg.ts';
import { en, type Words } from '../i18n/findings/en.ts';
import { he } from '../i18n/findings/he.ts';
import { ms } from '../i18n/findings/ms.ts';

const TABLES = { en, bg, he, ms };

/** What a code means and what to do about it, in the reader's language. */
const words = (one: { code: Finding['code'] }): Words => TABLES[settings.language][one.code];

/** One thing that is wrong with a file, or worth a word. The server's own sentence, which is English, goes with errors: a job would fail with it. */
export function finding(one: Finding): TemplateResult {
  const [what, remedy] = words(one);
  return html`<li class=${one.error ? 'finding error' : 'finding warning'}>
    <span class="finding-kind">${t(one.error ? 'finding.error' : 'finding.warning')}</span>
    ${place(one)}
    <span class="finding-what">${filled(what, one.values)}</span>
    <span class="finding-remedy">${remedy} <code>${one.code}</code></span>
    ${one.error || settings.language === 'en' ? html`<span class="finding-words">${english(one.message)}</span>` : nothing}
  </li>`;
}

function place(one: Finding): TemplateResult | typeof nothing {
  if (!one.line) return nothing;
  const column = one.column ? ', ' + t('finding.column', { n: one.column }) : '';
  return html`<span class="finding-line number">${t('finding.line', { n: one.line })}${column}</span>`;
}

/** What a check of a file found: errors apart from warnings, each code with its count. */
export function findings(report: DataReport, copy: TemplateResult | typeof nothing = nothing): TemplateResult {
  const none = report.counts.length === 0;
  return html`<div class="findings">
    ${none
      ? report.failure
        ? html`<p class="complaint">${english(report.failure)}</p>`
        : html`<p class="fine">${t('finding.none')}</p>`
      : html`${side(report, true)} ${side(report, false)}`}
    ${none ? nothing : copy}
  </div>`;
}

function side(report: DataReport, error: boolean): TemplateResult | typeof nothing {
  const counts = report.counts.filter((count) => count.error === error);
  if (counts.length === 0) return nothing;
  const n = counts.reduce((sum, count) => sum + count.count, 0);
  return html`<section class="finding-side">
    <h2>${t(error ? 'finding.errors' : 'finding.warnings', { n })}</h2>
    ${counts.map((count) => group(report, count))}
  </section>`;
}

/** The findings of one code; many of them are folded. */
function group(report: DataReport, count: FindingCount): TemplateResult {
  const same = report.findings.filter((one) => one.code === count.code && one.error === count.error);
  const list = html`<ul>${same.map(finding)}</ul>
    ${count.count > same.length ? html`<p class="hint">${t('finding.further', { n: count.count - same.length })}</p>` : nothing}`;
  if (count.count <= 3) return list;
  return html`<details>
    <summary>${same[0] ? filled(words(same[0])[0], same[0].values) : nothing} <code>${count.code}</code> <span class="number">${t('finding.times', { n: count.count })}</span></summary>
    ${list}
  </details>`;
}
