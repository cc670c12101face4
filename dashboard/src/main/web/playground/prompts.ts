import type { DataRow } from '../core/types.ts';
import type { Turn } from './stream.ts';

export interface Prompt {
  line: number;
  /** As the model is told, without an answer. */
  messages: Turn[];
  /** The answer that the row has, when it has one. */
  expected: string;
}

export interface Prompts {
  prompts: Prompt[];
  /** Lines that hold no prompt. */
  unusable: number[];
  /** Prompts past the most that one run takes. */
  left: number;
}

export const PROMPTS_MAX = 1000;
export const BYTES_MAX = 20_000_000;

/** Rows of any method's training files, rows with a `prompt`; or text, a prompt a line. */
export function readPrompts(text: string): Prompts {
  const read: Prompts = { prompts: [], unusable: [], left: 0 };
  const rows = /^\s*[{"]/.test(text);
  text.split(/\r?\n/).forEach((content, i) => {
    if (content.trim() === '') return;
    const prompt = rows ? row(content, i + 1) : { line: i + 1, messages: [{ role: 'user' as const, content }], expected: '' };
    if (!prompt) read.unusable.push(i + 1);
    else if (read.prompts.length < PROMPTS_MAX) read.prompts.push(prompt);
    else read.left++;
  });
  return read;
}

function row(text: string, line: number): Prompt | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof found === 'string') return found.trim() ? { line, messages: [{ role: 'user', content: found }], expected: '' } : null;
  const { messages, prompt, input, preferred_output: preferred } = (found ?? {}) as Record<string, unknown>;
  if (typeof prompt === 'string' && prompt.trim()) return { line, messages: [{ role: 'user', content: prompt }], expected: '' };
  if (Array.isArray(messages)) return conversation(messages, line);
  // A row of preferences: what both answers were given to, and the better one.
  const asked = (input as { messages?: unknown } | undefined)?.messages;
  return Array.isArray(asked) ? conversation([...asked, ...(Array.isArray(preferred) ? preferred : [])], line) : null;
}

/** What a row of a file asks, of whichever method it is. */
export function promptOf({ messages, text, line }: DataRow): Prompt | null {
  return messages ? conversation(messages, line) : text === null ? null : row(text, line);
}

const ROLES: Partial<Record<string, Turn['role']>> = { system: 'system', developer: 'system', user: 'user', assistant: 'assistant' };

/** Null for what is no conversation that ends with a question. */
export function conversation(messages: unknown[], line: number): Prompt | null {
  const turns: Turn[] = [];
  for (const message of messages) {
    const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
    const known = typeof role === 'string' ? ROLES[role] : undefined;
    if (!known || typeof content !== 'string') return null;
    turns.push({ role: known, content });
  }
  const expected = turns.at(-1)?.role === 'assistant' ? (turns.pop()?.content ?? '') : '';
  return turns.at(-1)?.role === 'user' ? { line, messages: turns, expected } : null;
}
