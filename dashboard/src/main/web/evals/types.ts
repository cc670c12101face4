// The shapes of evals that pages read.
export interface Criterion {
  type: string;
  name: string;
  operation?: string;
  evaluation_metric?: string;
  pass_threshold?: number;
}

export interface Eval {
  id: string;
  name: string;
  created_at: number;
  testing_criteria: Criterion[];
  metadata: Record<string, string>;
}

export type RunStatus = 'queued' | 'in_progress' | 'completed' | 'canceled' | 'failed';

export interface EvalRun {
  id: string;
  eval_id: string;
  status: RunStatus;
  model: string;
  name: string;
  created_at: number;
  result_counts: { total: number; errored: number; failed: number; passed: number };
  per_model_usage: { model_name: string; invocation_count: number; total_tokens: number }[];
  per_testing_criteria_results: { testing_criteria: string; passed: number; failed: number }[];
  error: { code: string; message: string } | null;
}

export interface OutputItem {
  id: string;
  status: 'pass' | 'fail' | 'error';
  datasource_item_id: number;
  datasource_item: Record<string, unknown>;
  results: { name: string; score: number; passed: boolean; error?: string }[];
  sample: {
    input: { role: string; content: string }[];
    output: { role: string; content: string }[];
    error: { message: string } | null;
  };
}

export interface Row {
  item: Record<string, unknown>;
}

export const over = (run: EvalRun): boolean => run.status !== 'queued' && run.status !== 'in_progress';

/** Under which of the dashboard's words a state stands. */
export const STATES = {
  queued: 'status.queued',
  in_progress: 'status.running',
  completed: 'status.succeeded',
  canceled: 'status.cancelled',
  failed: 'status.failed',
} as const;

/** The pair of an eval's metadata that names the file which the page makes its rows of. */
export const FILE = 'file';
