import { Left } from '../core/left.ts';
import type { Knobs } from './knobs.ts';
import type { Pane } from './pane.ts';

/** A conversation as it was left. */
export interface Conversation {
  panes: Pane[];
  system: string;
  prompt: string;
  knobs: Knobs;
}

export const conversations = new Left<Conversation>();
