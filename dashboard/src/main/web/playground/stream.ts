import { BrokenOff, refusal, send } from '../core/api.ts';
import type { Logprob } from './tokens.ts';

export interface Turn {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

export interface Chunk {
  choices: { delta: { content?: string | null }; logprobs?: { content: Logprob[] | null } | null; finish_reason: string | null }[];
  usage?: Usage | null;
  error?: { message: string };
}

/** Asks a model and hands on each piece as it arrives. Ends early when the signal says so. */
export async function ask(body: Record<string, unknown>, signal: AbortSignal, take: (chunk: Chunk) => void): Promise<void> {
  const answer = await send('/v1/chat/completions', {
    method: 'POST',
    json: { ...body, stream: true, stream_options: { include_usage: true } },
    signal,
  });
  if (!answer.body) throw await refusal(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let ended = false;
  for (;;) {
    const { done, value } = await reader.read().catch((failure: unknown) => {
      throw signal.aborted ? failure : new BrokenOff();
    });
    if (done && !ended) throw new BrokenOff();
    if (done) return;
    rest += value;
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n');
      const chunk = data && data !== '[DONE]' ? (JSON.parse(data) as Chunk) : undefined;
      ended ||= data === '[DONE]' || chunk?.error !== undefined;
      if (chunk) take(chunk);
    }
  }
}
