import { t } from '../core/text.ts';
import type { Curves } from '../core/types.ts';
import type { Key } from '../i18n/en.ts';

// What only some methods measure. The server names each figure `train_…`, `valid_…` or
// `full_valid_…`; what belongs together shares a chart.
const NAMES: Record<string, Key> = {
  mean_reward: 'measure.mean_reward', reward_margin: 'measure.reward_margin', reward_accuracy: 'measure.reward_accuracy',
  mean_parse_error: 'measure.mean_parse_error', mean_unresponsive_rewards: 'measure.mean_unresponsive_rewards',
  completion_tokens_mean: 'measure.completion_tokens_mean', mean_kl: 'measure.kl',
};
const SHARES = ['reward_accuracy', 'mean_parse_error', 'mean_unresponsive_rewards'];
const PART = /^(train|valid|full_valid)_/;
type Column = (number | null)[];

/** What was measured in any of the runs, what matters most first; without the part of the rows it was measured on. */
export function measuresOf(runs: Curves[]): string[] {
  const found = new Set(runs.flatMap(({ measures = {} }) => Object.keys(measures).map((name) => name.replace(PART, ''))));
  const known = Object.keys(NAMES).filter((name) => found.has(name));
  return [...known, ...[...found].filter((name) => !known.includes(name))];
}

export function measureName(measure: string): string {
  const key = NAMES[measure];
  return key ? t(key) : measure;
}

export const isShare = (measure: string): boolean => SHARES.includes(measure);

/** A measure on the rows that are trained and on those held out, of these all where they were. */
export function pair({ step, measures = {} }: Curves, measure: string): { train: Column; valid: Column } {
  const none: Column = step.map(() => null);
  const part = measures['valid_' + measure] ?? none;
  const whole = measures['full_valid_' + measure] ?? none;
  return { train: measures['train_' + measure] ?? measures[measure] ?? none, valid: whole.map((value, i) => value ?? part[i] ?? null) };
}

/** Steps that came later, behind those that are known; a measure that either lacks is empty there. */
export function joined(before: Curves, more: Curves): Record<string, Column> {
  const [earlier, later] = [before.measures ?? {}, more.measures ?? {}];
  const names = new Set([...Object.keys(earlier), ...Object.keys(later)]);
  const empty = ({ step }: Curves): Column => step.map(() => null);
  return Object.fromEntries([...names].map((name) => [name, (earlier[name] ?? empty(before)).concat(later[name] ?? empty(more))]));
}
