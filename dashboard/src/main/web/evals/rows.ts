import { send } from '../core/api.ts';
import type { Message } from '../core/types.ts';
import type { Row } from './types.ts';

const text = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content ?? ''));

/**
 * Rows of an eval out of a file of training rows: what stands before the last answer is asked, and
 * that answer is what the model's is held against. Rows that have none are left out.
 */
export async function rowsOf(fileId: string, most: number): Promise<Row[]> {
  const answer = await send(`/v1/files/${encodeURIComponent(fileId)}/content`);
  const rows: Row[] = [];
  for (const line of (await answer.text()).split('\n')) {
    if (rows.length === most) break;
    const row = made(line);
    if (row) rows.push(row);
  }
  return rows;
}

function made(line: string): Row | null {
  let messages: Message[] | undefined;
  try {
    const row = JSON.parse(line.replace(/^\uFEFF/, '')) as { messages?: Message[]; input?: { messages?: Message[] }; preferred_output?: Message[] };
    messages = row.messages ?? [...(row.input?.messages ?? []), ...(row.preferred_output ?? [])];
  } catch {
    return null;
  }
  const last = messages?.at(-1);
  if (!messages || messages.length < 2 || last?.role !== 'assistant' || last.content == null) return null;
  return { item: { messages: messages.slice(0, -1), reference: text(last.content) } };
}
