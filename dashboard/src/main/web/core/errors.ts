import { html, render, type TemplateResult } from 'lit';
import { ApiError, BrokenOff, ConnectionError } from './api.ts';
import { refusalText, statusText } from './refusals.ts';
import { settings } from './settings.ts';
import { t } from './text.ts';

/**
 * A failure in the reader's words. Where the server says more than we have words for, what it means
 * in general comes first, and the server's own sentence, which is English, after it.
 */
export function complaint(failure: unknown): TemplateResult | string {
  // What only reads waits until it comes: it is no failure.
  if (failure instanceof ConnectionError) return t('app.notSent');
  if (failure instanceof BrokenOff) return t('app.brokenOff');
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

const POINTED = 'pointed-out';
let unsay = (): void => undefined;

/**
 * Leads the reader to the field of a form that a refusal names, and says there what is wrong with it.
 *
 * @return whether the form has it
 */
export function pointOut(form: HTMLElement, failure: unknown, words: TemplateResult | string): boolean {
  const name = failure instanceof ApiError ? failure.param?.split(/[.[]/).findLast((part) => /^[a-z_]+$/.test(part)) : undefined;
  const field = name ? form.querySelector<HTMLElement>(`[name="${name}"]`) : null;
  if (field) sayAt(field, words);
  return field !== null;
}

/** Beside a field, until something else stands in it. */
export function sayAt(field: HTMLElement, words: TemplateResult | string): void {
  unsay();
  const said = document.createElement('span');
  said.id = POINTED;
  said.className = 'complaint';
  render(words, said);
  (field.closest('label') ?? field).after(said);
  field.closest('details')?.setAttribute('open', '');
  field.setAttribute('aria-invalid', 'true');
  const described = field.getAttribute('aria-describedby');
  field.setAttribute('aria-describedby', [POINTED, described].join(' ').trim());
  unsay = (): void => {
    unsay = () => undefined;
    said.remove();
    field.removeAttribute('aria-invalid');
    if (described) field.setAttribute('aria-describedby', described);
    else field.removeAttribute('aria-describedby');
  };
  field.addEventListener('input', () => { if (said.isConnected) unsay(); }, { once: true });
  field.focus();
}
