import { remember, remembered } from '../core/memory.ts';
import type { Prompt } from '../playground/prompts.ts';

export interface Film {
  prompts: Prompt[];
  /** By model, in the order of the prompts; null or nothing where none has come yet. */
  answers: Record<string, (string | null)[]>;
  /** Whether new checkpoints are asked as they come. */
  follow: boolean;
}

const FILMS_MAX = 20;
const NAME = 'films';

function all(): [string, Film][] {
  try {
    const found: unknown = JSON.parse(remembered(NAME) ?? '[]');
    return Array.isArray(found) ? (found as [string, Film][]) : [];
  } catch {
    return [];
  }
}

export const kept = (job: string): Film | undefined => all().find(([id]) => id === job)?.[1];

/** Only of the jobs that were looked at last. */
export function keep(job: string, film: Film): void {
  remember(NAME, JSON.stringify([[job, film], ...all().filter(([id]) => id !== job)].slice(0, FILMS_MAX)));
}
