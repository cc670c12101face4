import type { Key } from '../i18n/en.ts';

// How tokens are chosen, as typed: what is empty is left to the server, or to what all panes share.
export interface Knobs {
  temperature: string;
  topP: string;
  maxTokens: string;
  seed: string;
  frequency: string;
  presence: string;
  /** What ends an answer where a model writes it; `\\n` stands for a line's end. */
  stop: string;
}

/** Those that are always in sight, and the others. */
export const USED = ['temperature', 'topP', 'maxTokens', 'seed'] as const;
export const FURTHER = ['frequency', 'presence', 'stop'] as const;
export const NAMES = [...USED, ...FURTHER] as const;
export const EMPTY: Knobs = { temperature: '', topP: '', maxTokens: '', seed: '', frequency: '', presence: '', stop: '' };
export const USUAL: Knobs = { ...EMPTY, temperature: '0.7', topP: '1', maxTokens: '200' };

export const LABELS = {
  temperature: 'play.temperature', topP: 'play.topP', maxTokens: 'play.maxTokens', seed: 'job.seed',
  frequency: 'play.frequency', presence: 'play.presence', stop: 'play.stopAt',
} satisfies Record<keyof Knobs, Key>;

/** What may be typed; anything where nothing stands. */
export const PATTERNS: Partial<Record<keyof Knobs, string>> = {
  temperature: '[0-9]*[.]?[0-9]+',
  topP: '[0-9]*[.]?[0-9]+',
  maxTokens: '[0-9]*',
  seed: '[0-9]*',
  frequency: '-?[0-9]*[.]?[0-9]+',
  presence: '-?[0-9]*[.]?[0-9]+',
};

const FIELDS: Record<keyof Knobs, string> = {
  temperature: 'temperature',
  topP: 'top_p',
  maxTokens: 'max_completion_tokens',
  seed: 'seed',
  frequency: 'frequency_penalty',
  presence: 'presence_penalty',
  stop: 'stop',
};

/** A pane's own choice goes before the shared one. */
export function joined(shared: Knobs, own: Knobs): Knobs {
  const both = { ...shared };
  for (const name of NAMES) if (own[name].trim()) both[name] = own[name];
  return both;
}

export function fields(knobs: Knobs): Record<string, number | string> {
  return Object.fromEntries(
    NAMES.filter((name) => knobs[name].trim() !== '').map((name) => [FIELDS[name], name === 'stop' ? knobs.stop.replaceAll('\\n', '\n') : Number(knobs[name])]),
  );
}
