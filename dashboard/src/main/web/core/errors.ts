import { html, type TemplateResult } from 'lit';
import { ApiError, ConnectionError } from './api.ts';
import { refusalText, statusText } from './refusals.ts';
import { settings } from './settings.ts';
import { t } from './text.ts';

/**
 * A failure in the reader's words. Where the server says more than we have words for, what it means
 * in general comes first, and the server's own sentence, which is English, after it.
 */
export function complaint(failure: unknown): TemplateResult | string {
  if (failure instanceof ConnectionError) return t('app.lost');
  if (!(failure instanceof ApiError)) return t('app.failed');
  const known = refusalText(failure.message);
  if (known !== undefined) return known;
  return settings.language === 'en' ? english(failure.message) : html`${statusText(failure.status)} ${english(failure.message)}`;
}

/** The server's own words, which are English in every language; folded away on a page that is not. */
export const english = (text: string): TemplateResult => {
  const words = html`<span lang="en" dir="ltr" class="english">${text}</span>`;
  return settings.language === 'en' ? words : html`<details class="original"><summary>${t('app.original')}</summary>${words}</details>`;
};

/** Leads the reader to the field of a form that a refusal names, if it has one. */
export function pointOut(form: HTMLElement, failure: unknown): void {
  const name = failure instanceof ApiError ? failure.param?.split(/[.[]/).findLast((part) => /^[a-z_]+$/.test(part)) : undefined;
  const field = name ? form.querySelector<HTMLElement>(`[name="${name}"]`) : null;
  if (!field) return;
  field.closest('details')?.setAttribute('open', '');
  field.setAttribute('aria-invalid', 'true');
  field.addEventListener('input', () => field.removeAttribute('aria-invalid'), { once: true });
  field.focus();
}
