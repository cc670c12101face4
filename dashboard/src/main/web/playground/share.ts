import { EMPTY, NAMES, USUAL, type Knobs } from './knobs.ts';
import type { Turn } from './stream.ts';

/** What an address carries of the playground: never more than a browser takes. */
export interface Shared {
  panes: { model: string; own: Knobs; turns: Turn[] }[];
  system: string;
  prompt: string;
  knobs: Knobs;
}

export const PANES_MAX = 4;
const ADDRESS_MAX = 30_000;
const BYTES_MAX = 2_000_000;
const STOP_MAX = 100;

/** Null when it is too long for an address even without the conversation. */
export async function pack(state: Shared): Promise<{ text: string; whole: boolean } | null> {
  const whole = await packed(state);
  if (whole.length <= ADDRESS_MAX) return { text: whole, whole: true };
  const short = await packed({ ...state, panes: state.panes.map((pane) => ({ ...pane, turns: [] })) });
  return short.length <= ADDRESS_MAX ? { text: short, whole: false } : null;
}

async function packed(state: Shared): Promise<string> {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** An address is written by anybody: what does not look like ours is left out; null when nothing does. */
export async function unpack(text: string): Promise<Shared | null> {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return checked(JSON.parse(await limited(stream)));
  } catch {
    return null;
  }
}

async function limited(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > BYTES_MAX) throw new Error('too long');
    text += decoder.decode(value, { stream: true });
  }
}

function checked(state: unknown): Shared | null {
  const { panes, system, prompt, knobs } = (state ?? {}) as Partial<Record<keyof Shared, unknown>>;
  if (!Array.isArray(panes) || panes.length === 0) return null;
  return {
    panes: panes.slice(0, PANES_MAX).map((pane: unknown) => {
      const { model, own, turns } = (pane ?? {}) as Record<string, unknown>;
      return { model: words(model), own: typed(own, EMPTY), turns: Array.isArray(turns) ? turns.filter(isTurn) : [] };
    }),
    system: words(system),
    prompt: words(prompt),
    knobs: typed(knobs, USUAL),
  };
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

function typed(value: unknown, usual: Knobs): Knobs {
  const known = { ...usual };
  for (const name of NAMES) {
    const found = ((value ?? {}) as Record<string, unknown>)[name];
    if (typeof found === 'string' && (name === 'stop' ? found.length <= STOP_MAX : /^-?[0-9.]{0,20}$/.test(found))) known[name] = found;
  }
  return known;
}

function isTurn(one: unknown): one is Turn {
  const { role, content } = (one ?? {}) as Partial<Turn>;
  return (role === 'user' || role === 'assistant') && typeof content === 'string';
}
