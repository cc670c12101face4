import { link } from '../core/route.ts';
import type { Job } from '../core/types.ts';

/** The playground with base and fine-tune side by side, and the rows that the job trained on. */
export function playgroundLink(job: Job, model: string): string {
  return link('playground', '', { models: [baseOf(job), model].join(), rows: job.training_file });
}

/** A fine-tune's name says which base it stands on: `ft:<base>:…`. */
export const baseOf = (job: Job): string => (job.model.startsWith('ft:') ? (job.model.split(':')[1] ?? job.model) : job.model);
