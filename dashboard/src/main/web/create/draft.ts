import { Left } from '../core/left.ts';
import type { MethodName } from '../core/methods.ts';
import type { Integration } from '../core/types.ts';

/** What was typed into the form of a new job. */
export interface Draft {
  method: MethodName;
  model: string;
  chosen: { training: string; validation: string };
  knobs: Record<string, string>;
  more: boolean;
  judged: Record<string, unknown>;
  suffix: string;
  seed: string;
  metadata: string;
  outlets: Integration[];
}

export const drafts = new Left<Draft>();
