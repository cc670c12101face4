import { nothing, type TemplateResult, html } from 'lit';
import { en, type Key, type Plural } from '../i18n/en.ts';
import { bg } from '../i18n/bg.ts';
import { he } from '../i18n/he.ts';
import { ms } from '../i18n/ms.ts';
import { settings } from './settings.ts';

const TABLES = { en, bg, he, ms };

/** The sentence of a key in the reader's language. `n` chooses among forms of number. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const found: string | Plural = TABLES[settings.language][key];
  const text =
    typeof found === 'string'
      ? found
      : (found[new Intl.PluralRules(settings.language).select(Number(values.n)) as keyof Plural] ?? found.other);
  return filled(text, values);
}

/** A sentence with its values; a name in braces that none of them has stays as it is. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (braces, name: string) => {
    const value = values[name];
    if (typeof value === 'number') return number(value);
    // Isolated, so that "41 MB" or a name stays whole in a line that is written from right to left.
    return value && settings.language !== 'en' ? '\u2068' + value + '\u2069' : (value ?? braces);
  });
}

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(settings.language, options).format(value);
}

/** As many digits as a loss needs to be compared. */
export const figure = (value: number | null | undefined): string =>
  value == null ? '–' : number(value, { minimumFractionDigits: 4, maximumFractionDigits: 4 });

export const percent = (value: number | null | undefined): string =>
  value == null ? '–' : number(value, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const moment = (seconds: number): string =>
  new Intl.DateTimeFormat(settings.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(seconds * 1000);

export const clockTime = (seconds: number): string =>
  new Intl.DateTimeFormat(settings.language, { timeStyle: 'medium' }).format(seconds * 1000);

export function age(seconds: number): string {
  const past = Date.now() / 1000 - seconds;
  const relative = new Intl.RelativeTimeFormat(settings.language, { numeric: 'auto', style: 'short' });
  if (past < 60) return relative.format(-Math.max(0, Math.floor(past)), 'second');
  if (past < 3600) return relative.format(-Math.floor(past / 60), 'minute');
  if (past < 86_400) return relative.format(-Math.floor(past / 3600), 'hour');
  return relative.format(-Math.floor(past / 86_400), 'day');
}

/** Minutes and seconds, with hours when there are some. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pair = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${pair(minutes)}:${pair(whole % 60)}` : `${minutes}:${pair(whole % 60)}`;
}

export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let step = 0;
  let rest = value;
  while (rest >= 1000 && step < units.length - 1) {
    rest /= 1000;
    step++;
  }
  return number(rest, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: rest < 10 ? 1 : 0 });
}

/** What others wrote: names, prompts, words of the server. Always text, in its own direction. */
export const foreign = (text: string | null | undefined): TemplateResult | typeof nothing =>
  text == null ? nothing : html`<bdi>${text}</bdi>`;
