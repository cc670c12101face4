import { html, nothing, type TemplateResult } from 'lit';
import { english } from '../core/errors.ts';
import { t } from '../core/text.ts';
import type { DataReport, Finding } from '../core/types.ts';
import type { Key } from '../i18n/en.ts';

/** One thing that is wrong with a file, or worth a word. */
export function finding(one: Finding): TemplateResult {
  return html`<li class=${one.error ? 'finding error' : 'finding warning'}>
    <span class="finding-kind">${t(one.error ? 'finding.error' : 'finding.warning')}</span>
    ${one.line ? html`<span class="finding-line number">${t('finding.line', { n: one.line })}</span>` : nothing}
    <span class="finding-what">${t(`finding.${one.kind}` as Key)}</span>
    <span class="finding-words">${english(one.message)}</span>
  </li>`;
}

/** What a check of a file found, errors first. */
export function findings(report: DataReport): TemplateResult {
  const errors = report.findings.filter((one) => one.error);
  const warnings = report.findings.filter((one) => !one.error);
  const further = report.further_errors + report.further_warnings;
  return html`<div class="findings">
    ${errors.length + warnings.length === 0
      ? report.failure
        ? html`<p class="complaint">${english(report.failure)}</p>`
        : html`<p class="fine">${t('finding.none')}</p>`
      : html`<ul>${[...errors, ...warnings].map(finding)}</ul>`}
    ${errors.length === 0 && warnings.length > 0 && report.failure
      ? html`<p class="complaint">${english(report.failure)}</p>`
      : nothing}
    ${further ? html`<p class="hint">${t('finding.further', { n: further })}</p>` : nothing}
  </div>`;
}
