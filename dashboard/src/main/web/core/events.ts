import { html, nothing, type TemplateResult } from 'lit';
import { english } from './errors.ts';
import { settings } from './settings.ts';
import { t } from './text.ts';
import type { Job, JobEvent } from './types.ts';
import type { Key } from '../i18n/en.ts';

// The sentences of a job's events that the server always writes alike, and what the reader's
// language says for them. What is not known here is told in general, with the server's own words
// folded beside it.
const LOSS = '[\\d.]+|NaN|Infinity';
const STEP = `^Step (?<step>\\d+)/(?<total>\\d+)`;
const SENTENCES: [RegExp, Key][] = [
  [/^Created fine-tuning job: (?<id>\S+)$/, 'event.created'],
  [/^Validating training file: (?<file>\S+)$/, 'event.validating'],
  [/^Validating training file: (?<file>\S+) and validation file: (?<other>\S+)$/, 'event.validatingBoth'],
  [/^Files validated, moving job to queued state$/, 'event.validated'],
  [/^Fine-tuning job started$/, 'event.started'],
  [/^Fine-tuning job put first in the queue$/, 'event.first'],
  [/^Fine-tuning job put at place (?<place>\d+) in the queue$/, 'event.moved'],
  [/^Fine-tuning job paused$/, 'event.paused'],
  [/^Fine-tuning job resumed$/, 'event.resumed'],
  [new RegExp(`${STEP}: training loss=(?<loss>${LOSS})$`), 'event.step'],
  [new RegExp(`${STEP}: training loss=(?<loss>${LOSS}), validation loss=(?<valid>${LOSS})$`), 'event.stepValid'],
  [new RegExp(`${STEP}: training loss=(?<loss>${LOSS}), full validation loss=(?<valid>${LOSS})$`), 'event.stepFull'],
  [new RegExp(`${STEP}: training loss=(?<loss>${LOSS}), validation loss=(?<valid>${LOSS}), full validation loss=(?<full>${LOSS})$`), 'event.stepBoth'],
  [new RegExp(`${STEP} , train mean reward=(?<reward>-?${LOSS})$`), 'event.stepReward'],
  [new RegExp(`${STEP} , train mean reward=(?<reward>-?${LOSS}), full validation mean reward=(?<full>-?${LOSS})(, .*)?$`), 'event.stepRewardFull'],
  [/^Checkpoint created at step (?<step>\d+) with Snapshot ID: (?<model>\S+)$/, 'event.checkpoint'],
  [/^New fine-tuned model created: (?<model>\S+)$/, 'event.model'],
  [/^The job has successfully completed$/, 'event.completed'],
  [/^Fine-tuning job cancelled$/, 'event.cancelled'],
  [/^Stopped early after step (?<step>\d+) of (?<total>\d+): the full validation loss was not lower by more than (?<least>\S+) in (?<epochs>\d+) epochs?/, 'event.stoppedEarly'],
  [/^Keeping the checkpoint of step (?<step>\d+) \(epoch (?<epoch>\d+)\), whose full validation loss of (?<loss>\S+) is the lowest$/, 'event.keptBest'],
  [/^Line (?<line>\d+) of the \w+ file is longer than the model's context of (?<context>\d+) tokens and was cut at its end: (?<lost>\d+) tokens lost$/, 'event.rowCut'],
  [/^(?<n>\d+) further lines of the \w+ file were cut at their end$/, 'event.rowsCut'],
];

/** Known by how they begin; what follows is a detail that the server alone has words for. */
const BEGINNINGS: [RegExp, Key][] = [
  [/^Weights & Biases /, 'event.wandb'],
  [/^(An answer could not be judged|A grader's model could not be asked)/, 'event.unjudged'],
  [/^(Line|Lines|Row|Rows|Example|Examples|Training file|Validation file|The (training|validation) file) /, 'event.rows'],
];

/** What happened to a trainer, and then what becomes of its job. */
const STORY = /^(?<reason>.+); the job is (?<how>queued again and|paused and, when it is resumed,) (starts again from the first step|goes on from step (?<from>\d+))$/s;
const REASONS: [RegExp, Key][] = [
  [/^The trainer was stopped after step (?<step>\d+)$/, 'event.trainerStopped'],
  [/^The trainer process ended unexpectedly /, 'event.trainerEnded'],
  [/^The trainer has been silent for too long /, 'event.trainerSilent'],
  [/^The trainer (was not started|did not come up in time|cannot be started)/, 'event.trainerNotStarted'],
];

function found(message: string, sentences: [RegExp, Key][]): string | undefined {
  for (const [pattern, key] of sentences) {
    const match = pattern.exec(message);
    // Isolated, so that a name written from left to right stays whole in a line that is not.
    if (match) return t(key, isolated(match.groups));
  }
  return undefined;
}

const isolated = (groups: Record<string, string | undefined> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, '\u2068' + (value ?? '') + '\u2069']));

function story(message: string): TemplateResult | undefined {
  const { reason = '', how = '', from } = STORY.exec(message)?.groups ?? {};
  const why = reason && found(reason, REASONS);
  if (!why) return undefined;
  const queued = how.startsWith('queued');
  const then = from ? t(queued ? 'event.againFrom' : 'event.staysFrom', isolated({ from })) : t(queued ? 'event.again' : 'event.stays');
  return html`<span>${why} ${then}</span>`;
}

/** An event in the reader's language; `job` is the one it belongs to. */
export function eventText({ message }: JobEvent, job: Job): TemplateResult {
  if (job.error && message === job.error.message) return errorText(job.error);
  const whole = found(message, SENTENCES);
  if (whole !== undefined) return html`<span>${whole}</span>`;
  if (settings.language === 'en') return english(message);
  return story(message) ?? html`<span>${found(message, BEGINNINGS) ?? t('event.other')} ${english(message)}</span>`;
}

const FAILURES: Record<string, Key> = {
  invalid_training_file: 'failed.invalid_training_file', invalid_validation_file: 'failed.invalid_validation_file',
  invalid_file_format: 'failed.invalid_file_format', invalid_n_examples: 'failed.invalid_n_examples', invalid_weights: 'failed.invalid_weights',
  out_of_memory: 'failed.out_of_memory', server_error: 'failed.server_error', model_not_available: 'failed.model_not_available',
  trainer_died: 'failed.trainer_died',
};

/** Why a job failed, by its code; where the sentence names an example or a line, with that. */
export function errorText({ code, message }: NonNullable<Job['error']>): TemplateResult {
  if (settings.language === 'en') return english(message);
  const example = /\b[Ee]xample (\d+)/.exec(message)?.[1];
  const line = /\b[Ll]ine (\d+)/.exec(message)?.[1];
  const place = example ? t('files.example', { n: Number(example) }) : line ? t('finding.line', { n: Number(line) }) : undefined;
  return html`<span>${t(FAILURES[code] ?? 'failed.other')} ${place ? html`(${place})` : nothing} ${english(message)}</span>`;
}
