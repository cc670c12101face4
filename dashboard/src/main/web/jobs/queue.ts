import { ended, type JobSummary } from '../core/types.ts';

export interface Place {
  /** From 1. */
  n: number;
  /** In seconds since 1970; null when nothing is known to tell it by. */
  start: number | null;
}

const LATEST = 5;

/** Where a waiting job stands, and when its turn comes: after the running one, and as long for each job before it as the latest ones took. */
export function place(job: { id: string; status: JobSummary['status'] }, jobs: JobSummary[], now: number): Place | null {
  if (job.status !== 'queued' && job.status !== 'validating_files') return null;
  const waiting = jobs.filter(({ status }) => status === 'queued' || status === 'validating_files').sort((a, b) => a.created_at - b.created_at);
  const before = waiting.findIndex(({ id }) => id === job.id);
  if (before < 0) return null;
  const running = jobs.filter(({ status }) => status === 'running');
  const free = running.reduce<number | null>((latest, { estimated_finish: end }) => (latest === null || end === null ? null : Math.max(latest, end)), now);
  const took = before === 0 ? 0 : typical(jobs);
  return { n: before + 1, start: free === null || took === null ? null : Math.max(now, free + before * took) };
}

function typical(jobs: JobSummary[]): number | null {
  const latest = jobs
    .filter((job) => ended(job.status) && job.status === 'succeeded' && job.started_at !== null && job.finished_at !== null)
    .sort((a, b) => b.created_at - a.created_at)
    .slice(0, LATEST);
  if (latest.length === 0) return null;
  return latest.reduce((sum, job) => sum + ((job.finished_at ?? 0) - (job.started_at ?? 0)), 0) / latest.length;
}
