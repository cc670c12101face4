import { link } from '../core/route.ts';
import type { Job } from '../core/types.ts';

/** The playground with base and fine-tune side by side, and the rows that the job trained on. */
export function playgroundLink(job: Job, model: string): string {
  // A fine-tune's name says which base it stands on: `ft:<base>:…`.
  const base = job.model.startsWith('ft:') ? (job.model.split(':')[1] ?? job.model) : job.model;
  return link('playground', '', { models: [base, model].join(), rows: job.training_file });
}
