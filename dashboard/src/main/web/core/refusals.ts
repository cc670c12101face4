import { settingName } from './methods.ts';
import { t } from './text.ts';
import type { Key } from '../i18n/en.ts';

// What the server says when it refuses, in the reader's language: first the sentences that it
// always writes alike, then what its code and status mean in general.
const SENTENCES: [RegExp, Key][] = [
  [/^The model [`'](?<name>.+)[`'] does not exist( or you do not have access to it\.)?$/, 'refused.noModel'],
  [/^No such File object: (?<name>\S+)$/, 'refused.noFile'],
  [/^Could not find fine tune: (?<name>\S+)$/, 'refused.noJob'],
  [/^invalid training_file: (?<name>\S+)$/, 'refused.trainingFile'],
  [/^invalid validation_file: (?<name>\S+)$/, 'refused.validationFile'],
  [/^Model (?<name>\S+) is not available for fine-tuning or does not exist\.$/, 'refused.notTrainable'],
  [/^Job has already completed: (?<name>\S+)$/, 'refused.jobOver'],
  [/^Job (?<name>\S+) is \S+ and not paused/, 'refused.notPaused'],
  [/^Job (?<name>\S+) is \S+ and waits in no queue/, 'refused.notWaiting'],
  [/^Missing required parameter: '(?<field>[^']+)'\./, 'refused.missing'],
  [/^Invalid '(?<field>.+)': string too long\..* maximum length (?<most>\d+), but got a string with length (?<got>\d+)/, 'refused.tooLong'],
  [/^Invalid '(?<field>.+)': string too short/, 'refused.empty'],
  [/^Invalid '(?<field>.+)': array too long\..* maximum length (?<most>\d+), but got an array with length (?<got>\d+)/, 'refused.tooMany'],
  [/^Invalid '(?<field>.+)': (integer|decimal) below minimum value\. Expected a value >= (?<least>\S+), but got (?<got>\S+) instead\.$/, 'refused.below'],
  [/^Invalid '(?<field>.+)': (integer|decimal) above maximum value\. Expected a value <= (?<most>\S+), but got (?<got>\S+) instead\.$/, 'refused.above'],
  [/^'(?<field>.+)' goes by the loss over a validation file/, 'refused.needsValidation'],
  [/^'(?<name>.+)' has an adapter, which training goes on with as it is: leave out .* begin with its base '(?<model>.+)'\.$/, 'refused.adapterShape'],
  [/^The name '(?<name>.+)' is taken: a model is called so\.$/, 'refused.takenByModel'],
  [/^The name '(?<name>.+)' is taken: it is an alias of '(?<model>.+)'; move that instead\.$/, 'refused.takenByAlias'],
  [/^There is no alias '(?<name>.+)'\.$/, 'refused.noAlias'],
  [/^Invalid value: '(?<name>.*)'\. An alias has 1 to 200 letters/, 'refused.aliasName'],
  [/^Invalid value: '(?<name>.*)'\. The id of a project has/, 'refused.project'],
  [/^The model '(?<name>.+)' is a base; only fine-tuned models can be deleted\.$/, 'refused.base'],
  [/^The base '(?<name>.+)' is here already\.$/, 'refused.baseHere'],
  [/^The disk of the server's data folder is full/, 'refused.diskFull'],
  [/^The machine could not be measured: a job is training/, 'refused.measuring'],
  [/^The server had an error while processing your request/, 'refused.internal'],
];

const BY_STATUS: Record<number, Key> = {
  401: 'refused.401', 403: 'refused.403', 404: 'refused.404', 409: 'refused.409', 413: 'refused.413', 429: 'refused.429', 503: 'refused.503', 507: 'refused.diskFull',
};

/** The whole of a refusal in the reader's words; nothing where only a general word is known. */
export function refusalText(message: string): string | undefined {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(message);
    if (found) {
      // Isolated, so that a name written from left to right stays whole in a line that is not.
      const said = (name: string, value: string): string => (name === 'field' && settingName(value)) || '\u2068' + value + '\u2069';
      return t(key, Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, said(name, value)])));
    }
  }
  return undefined;
}

/** What a status means in general. */
export const statusText = (status: number): string => t(BY_STATUS[status] ?? (status >= 500 ? 'refused.internal' : 'refused.400'));
