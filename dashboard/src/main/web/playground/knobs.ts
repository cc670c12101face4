import type { Key } from '../i18n/en.ts';

// How tokens are chosen, as typed: what is empty is left to the server, or to what all panes share.
export interface Knobs {
  temperature: string;
  topP: string;
  maxTokens: string;
  seed: string;
}

export const NAMES = ['temperature', 'topP', 'maxTokens', 'seed'] as const;
export const EMPTY: Knobs = { temperature: '', topP: '', maxTokens: '', seed: '' };
export const USUAL: Knobs = { temperature: '0.7', topP: '1', maxTokens: '200', seed: '' };

export const LABELS = { temperature: 'play.temperature', topP: 'play.topP', maxTokens: 'play.maxTokens', seed: 'job.seed' } satisfies Record<keyof Knobs, Key>;

export const PATTERNS: Record<keyof Knobs, string> = {
  temperature: '[0-9]*[.]?[0-9]+',
  topP: '[0-9]*[.]?[0-9]+',
  maxTokens: '[0-9]*',
  seed: '[0-9]*',
};

const FIELDS: Record<keyof Knobs, string> = {
  temperature: 'temperature',
  topP: 'top_p',
  maxTokens: 'max_completion_tokens',
  seed: 'seed',
};

/** A pane's own choice goes before the shared one. */
export function joined(shared: Knobs, own: Knobs): Knobs {
  const both = { ...shared };
  for (const name of NAMES) if (own[name].trim()) both[name] = own[name];
  return both;
}

export function fields(knobs: Knobs): Record<string, number> {
  return Object.fromEntries(
    NAMES.filter((name) => knobs[name].trim() !== '').map((name) => [FIELDS[name], Number(knobs[name])]),
  );
}
