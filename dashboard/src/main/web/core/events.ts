import { html, type TemplateResult } from 'lit';
import { english } from './errors.ts';
import { t } from './text.ts';
import type { Key } from '../i18n/en.ts';

// The sentences of a job's events that the server always writes alike, and what the reader's
// language says for them. Everything else is shown as it came.
const SENTENCES: [RegExp, Key][] = [
  [/^Created fine-tuning job: (?<id>\S+)$/, 'event.created'],
  [/^Validating training file: (?<file>\S+)$/, 'event.validating'],
  [/^Validating training file: (?<file>\S+) and validation file: (?<other>\S+)$/, 'event.validatingBoth'],
  [/^Files validated, moving job to queued state$/, 'event.validated'],
  [/^Fine-tuning job started$/, 'event.started'],
  [/^Fine-tuning job put first in the queue$/, 'event.first'],
  [/^Fine-tuning job paused$/, 'event.paused'],
  [/^Fine-tuning job resumed$/, 'event.resumed'],
  [/^Step (?<step>\d+)\/(?<total>\d+): training loss=(?<loss>[\d.]+)$/, 'event.step'],
  [/^Step (?<step>\d+)\/(?<total>\d+): training loss=(?<loss>[\d.]+), validation loss=(?<valid>[\d.]+)$/, 'event.stepValid'],
  [/^Step (?<step>\d+)\/(?<total>\d+): training loss=(?<loss>[\d.]+), full validation loss=(?<valid>[\d.]+)$/, 'event.stepFull'],
  [/^Step (?<step>\d+)\/(?<total>\d+): training loss=(?<loss>[\d.]+), validation loss=(?<valid>[\d.]+), full validation loss=(?<full>[\d.]+)$/, 'event.stepBoth'],
  [/^Checkpoint created at step (?<step>\d+) with Snapshot ID: (?<model>\S+)$/, 'event.checkpoint'],
  [/^New fine-tuned model created: (?<model>\S+)$/, 'event.model'],
  [/^The job has successfully completed$/, 'event.completed'],
  [/^Fine-tuning job cancelled$/, 'event.cancelled'],
];

export function eventText(message: string): TemplateResult {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(message);
    if (found) {
      // Isolated, so that a name written from left to right stays whole in a line that is not.
      const isolated = Object.entries(found.groups ?? {}).map(([name, value]) => [name, '\u2068' + value + '\u2069']);
      return html`<span>${t(key, Object.fromEntries(isolated) as Record<string, string>)}</span>`;
    }
  }
  return english(message);
}
