import type { FindingCode } from '../i18n/findings/en.ts';

// The shapes of the API that pages read.
export type JobStatus = 'validating_files' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'paused';

export interface JobSummary {
  id: string;
  status: JobStatus;
  model: string;
  fine_tuned_model: string | null;
  suffix: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  estimated_finish: number | null;
  step: number;
  total_steps: number | null;
  /** In the queue, from 1; null for a job that waits for nothing. */
  place: number | null;
}

export interface Hyperparameters {
  n_epochs: number | 'auto';
  batch_size: number | 'auto';
  learning_rate_multiplier: number | 'auto';
}

export interface Job {
  id: string;
  status: JobStatus;
  model: string;
  created_at: number;
  finished_at: number | null;
  fine_tuned_model: string | null;
  organization_id: string;
  result_files: string[];
  validation_file: string | null;
  training_file: string;
  hyperparameters: Hyperparameters;
  trained_tokens: number | null;
  error: { code: string; message: string; param: string | null } | null;
  user_provided_suffix: string | null;
  seed: number;
  estimated_finish: number | null;
  metadata: Record<string, string> | null;
  method: Method;
  integrations?: Integration[] | null;
}

/** A training method: its type, and under the name of that type what was asked of it. */
export interface Method {
  type: string;
  [details: string]: unknown;
}

/** Where a job's figures go besides the dashboard. */
export interface Integration {
  type: string;
  wandb?: { project: string; name?: string | null; entity?: string | null; tags?: string[] | null } | null;
}

export interface JobEvent {
  id: string;
  created_at: number;
  level: 'info' | 'warn' | 'error';
  type: string;
  message: string;
}

export interface Curves {
  step: number[];
  train_loss: number[];
  train_accuracy: number[];
  valid_loss: (number | null)[];
  valid_accuracy: (number | null)[];
  full_valid_loss: (number | null)[];
  full_valid_accuracy: (number | null)[];
  learning_rate: (number | null)[];
  gradient_norm: (number | null)[];
  tokens_per_second: (number | null)[];
  /** What only the job's method has, by its name in the API. */
  measures?: Record<string, (number | null)[]>;
  total_steps: number;
}

export interface Checkpoint {
  id: string;
  created_at: number;
  model: string;
  step: number;
  epoch: number;
  train_loss: number;
  train_accuracy: number;
  valid_loss: number | null;
  valid_accuracy: number | null;
  last: boolean;
}

export interface FileObject {
  id: string;
  bytes: number;
  created_at: number;
  filename: string;
  purpose: string;
  status: string;
  status_details: string | null;
}

export interface Model {
  id: string;
  created: number;
  owned_by: string;
}

export interface Listing<T> {
  data: T[];
  has_more?: boolean;
}

export const ended = (status: JobStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

export interface Finding {
  line: number;
  column: number;
  example: number;
  error: boolean;
  code: FindingCode;
  message: string;
  remedy: string;
  values: Record<string, string>;
}

/** How often something was found, also beyond the findings that are listed. */
export interface FindingCount {
  code: FindingCode;
  error: boolean;
  count: number;
}

/** Rows by their length in tokens; a bar each `width` tokens, from 0 on. */
export interface Lengths {
  width: number;
  rows: number[];
  shortest: number;
  middle: number;
  longest: number;
  context_length: number;
}

export interface DataReport {
  examples: number;
  tokens: number;
  trained_tokens: number;
  tokens_lost: number;
  findings: Finding[];
  counts: FindingCount[];
  further_errors: number;
  further_warnings: number;
  failure: string | null;
  auto_epochs: number | null;
  auto_batch_size: number | null;
  auto_learning_rate_multiplier: number | null;
  lengths: Lengths | null;
}

/** What a job will take on this machine. */
export interface Estimate {
  examples: number;
  epochs: number;
  batch_size: number;
  steps: number;
  tokens: number;
  trained_tokens: number;
  seconds: number;
  peak_bytes: number;
  /** Whether less may do: answers end when they end. */
  at_most?: boolean;
}

export interface Afterwards {
  estimate: Estimate | null;
  took_seconds: number | null;
}

export interface Message {
  role: string;
  content?: unknown;
}

export type Fate = 'context' | 'trained' | 'special' | 'special_trained' | 'cut';

export interface DataRow {
  line: number;
  example: number;
  tokens: number;
  trained: number;
  cut: number;
  pieces: string[];
  fates: Fate[];
  text: string | null;
  messages: Message[] | null;
  /** Of a row of two answers, the conversation with the one that is not preferred. */
  other?: { tokens: number; trained: number; cut: number; pieces: string[]; fates: Fate[] } | null;
  findings: Finding[];
}
