import type { JobSummary } from '../core/types.ts';

export interface Place {
  /** From 1. */
  n: number;
  /** In seconds since 1970; null when nothing is known to tell it by. */
  start: number | null;
}

const LATEST = 5;

/** Where a waiting job stands, and when its turn comes: after the running one, and as long for each job before it as the latest ones took. */
export function place(id: string, jobs: JobSummary[], now: number): Place | null {
  const n = jobs.find((job) => job.id === id)?.place;
  if (!n) return null;
  const running = jobs.filter(({ status }) => status === 'running');
  const free = running.reduce<number | null>((latest, { estimated_finish: end }) => (latest === null || end === null ? null : Math.max(latest, end)), now);
  const took = n === 1 ? 0 : typical(jobs);
  return { n, start: free === null || took === null ? null : Math.max(now, free + (n - 1) * took) };
}

/** What the latest jobs took; one at a time, so each began when it was created or when the one before it had ended. */
function typical(jobs: JobSummary[]): number | null {
  const finished = jobs.flatMap((job) => (job.finished_at === null ? [] : [{ ...job, end: job.finished_at }])).sort((a, b) => a.end - b.end);
  const took = finished.flatMap((job, i) => (job.status === 'succeeded' ? [job.end - Math.max(job.created_at, finished[i - 1]?.end ?? 0)] : [])).slice(-LATEST);
  return took.length ? took.reduce((sum, one) => sum + one, 0) / took.length : null;
}
