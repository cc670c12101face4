import { html, type TemplateResult } from 'lit';
import { ApiError, ConnectionError } from './api.ts';
import { t } from './text.ts';

/** A failure in words. What the server says is English, and marked as such. */
export function complaint(failure: unknown): TemplateResult | string {
  if (failure instanceof ApiError) return english(failure.message);
  if (failure instanceof ConnectionError) return t('app.lost');
  return t('app.failed');
}

/** The server's own words, which are English in every language. */
export const english = (text: string): TemplateResult => html`<span lang="en" dir="ltr" class="english">${text}</span>`;
