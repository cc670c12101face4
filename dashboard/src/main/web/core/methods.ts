import type { Key } from '../i18n/en.ts';
import { number, t } from './text.ts';
import type { Job, Method } from './types.ts';

// Training methods and what can be set of each: the form of a new job, the page of a job, the
// comparison of jobs and a run again all read this one table.
export const METHODS = ['supervised', 'dpo', 'reinforcement'] as const;
export type MethodName = (typeof METHODS)[number];

/** What the server trains by. */
export const OFFERED: readonly MethodName[] = ['supervised', 'dpo', 'reinforcement'];

export interface Knob {
  /** As the API has it; what lies in an object of its own is joined by a dot. */
  name: string;
  label: Key;
  /** What may be typed, and what a choice may be. */
  pattern?: string;
  choices?: readonly string[];
  /** An extension of ours: left out where nothing was asked, since others do not know it. */
  ours?: boolean;
}

const WHOLE = '[0-9]+';
const DECIMAL = '[0-9]*[.]?[0-9]+';

const COMMON: readonly Knob[] = [
  { name: 'n_epochs', label: 'job.epochs', pattern: WHOLE },
  { name: 'batch_size', label: 'job.batch', pattern: WHOLE },
  { name: 'learning_rate_multiplier', label: 'job.rate', pattern: DECIMAL },
];

/** What OpenAI has no words for. */
const OURS: readonly Knob[] = [
  { name: 'weights', label: 'knob.weights', choices: ['adapter', 'full'] },
  { name: 'keep', label: 'knob.keep', choices: ['last', 'best'] },
  { name: 'early_stopping.patience', label: 'knob.patience', pattern: WHOLE },
  { name: 'early_stopping.min_delta', label: 'knob.minDelta', pattern: DECIMAL },
  { name: 'lora_rank', label: 'knob.rank', pattern: WHOLE },
  { name: 'lora_alpha', label: 'knob.alpha', pattern: DECIMAL },
  { name: 'lora_dropout', label: 'knob.dropout', pattern: DECIMAL },
  { name: 'warmup_ratio', label: 'knob.warmup', pattern: DECIMAL },
].map((knob) => ({ ...knob, ours: true })) as readonly Knob[];

export const KNOBS: Record<MethodName, readonly Knob[]> = {
  supervised: [...COMMON, ...OURS],
  dpo: [...COMMON, { name: 'beta', label: 'knob.beta', pattern: DECIMAL }, ...OURS],
  reinforcement: [
    ...COMMON,
    { name: 'reasoning_effort', label: 'knob.effort', choices: ['default', 'low', 'medium', 'high'] },
    { name: 'compute_multiplier', label: 'knob.compute', pattern: DECIMAL },
    { name: 'eval_interval', label: 'knob.evalInterval', pattern: WHOLE },
    { name: 'eval_samples', label: 'knob.evalSamples', pattern: WHOLE },
  ],
};

type Tree = Record<string, unknown>;
const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {});

const known = (name: string): MethodName | undefined => METHODS.find((method) => method === name);

/** How a route is told of which method rows are; it knows one without a word. */
export const ofMethod = (method: MethodName): { method?: MethodName } => (method === 'supervised' ? {} : { method });

/** What a person calls a method; one that is not known here keeps its own name. */
export function methodName(type: string): string {
  const method = known(type);
  return method ? t(`method.${method}`) : type;
}

/** The settings of a job by their names, in the form of the form: what is automatic is empty. */
export function asked(job: Job): Record<string, string> {
  return Object.fromEntries(flat(job).map(([name, value]) => [name, value === 'auto' ? '' : String(value)]));
}

/** What can be set beside what is set: where all weights are trained there is no adapter to shape. */
export const settable = (method: MethodName, texts: Record<string, string>): readonly Knob[] =>
  KNOBS[method].filter(({ name }) => texts['weights'] !== 'full' || !name.startsWith('lora_'));

/** What a person calls a setting that is named by its path in a request. */
export function settingName(path: string): string | undefined {
  const knob = Object.values(KNOBS).flat().find(({ name }) => path.endsWith(`hyperparameters.${name}`));
  return knob && t(knob.label);
}

/** What a form says, as the API takes it. */
export function requested(method: MethodName, texts: Record<string, string>): Tree {
  const result: Tree = {};
  for (const { name, pattern, ours } of settable(method, texts)) {
    const text = (texts[name] ?? '').trim();
    const value = text === '' ? 'auto' : pattern ? Number(text) : text;
    // A choice has no `auto`: what is not chosen is the server's.
    if (text === '' && (ours || !pattern)) continue;
    const [outer = '', inner] = name.split('.');
    if (inner === undefined) result[outer] = value;
    else result[outer] = { ...tree(result[outer]), [inner]: value };
  }
  return result;
}

export interface Setting {
  /** Nothing where the page knows no words for it. */
  label: string | undefined;
  name: string;
  value: string;
}

/** Every setting of a job as it was resolved, in the reader's words; also those that this page does not know. */
export function settingsOf(job: Job): Setting[] {
  const method = known(job.method.type) ?? 'supervised';
  const found = new Map(flat(job));
  const names = [...KNOBS[method].map(({ name }) => name).filter((name) => found.has(name)), ...[...found.keys()].filter((name) => !KNOBS[method].some((knob) => knob.name === name))];
  return names.map((name) => {
    const knob = KNOBS[method].find((one) => one.name === name);
    return { name, label: knob && t(knob.label), value: words(found.get(name)) };
  });
}

const CHOICES: Record<string, Key> = {
  default: 'choice.default', low: 'choice.low', medium: 'choice.medium', high: 'choice.high',
  last: 'choice.last', best: 'choice.best', adapter: 'choice.adapter', full: 'choice.full',
};

/** One of the values of a setting that is chosen. */
export function choiceName(value: string): string {
  const key = CHOICES[value];
  return key ? t(key) : value;
}

function words(value: unknown): string {
  if (value === 'auto') return t('create.auto');
  if (typeof value === 'number') return number(value, { maximumFractionDigits: 6 });
  if (typeof value === 'boolean') return t(value ? 'app.yes' : 'app.no');
  return typeof value === 'string' ? choiceName(value) : JSON.stringify(value);
}

/** What was asked of the method, over it what the server made of it; names of inner objects with a dot. */
function flat(job: Job): [string, unknown][] {
  const all = { ...tree(details(job.method)['hyperparameters']), ...job.hyperparameters };
  return Object.entries(all).flatMap(([name, value]): [string, unknown][] =>
    Object.keys(tree(value)).length ? Object.entries(tree(value)).map(([inner, one]) => [`${name}.${inner}`, one]) : value == null ? [] : [[name, value]],
  );
}

/** What stands under the name of the method's type. */
export const details = (method: Method): Tree => tree(method[method.type]);

/** What judges answers of a job by reinforcement. */
export const graderOf = (job: Job): Tree | undefined => details(job.method)['grader'] as Tree | undefined;

/** The form that its answers must have, if any. */
export const formOf = (job: Job): Tree | undefined => (details(job.method)['response_format'] ?? undefined) as Tree | undefined;
