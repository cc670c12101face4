// Requests to this server, and nowhere else. The session's cookie goes along by itself; what
// changes something carries the session's proof as well.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string | null,
    readonly param: string | null,
  ) {
    super(message);
  }
}

/** The server could not be reached at all. */
export class ConnectionError extends Error {}

/** It was lost in the middle of an answer. */
export class BrokenOff extends Error {}

export type SessionState = 'unknown' | 'out' | 'in';

class Connection extends EventTarget {
  session: SessionState = 'unknown';
  lost = false;
  /** Whether the session ended by itself, so that the reader is told why the key is wanted again. */
  expired = false;
  csrf = '';

  become(session: SessionState, csrf = ''): void {
    this.session = session;
    this.csrf = csrf;
    if (session === 'in') this.expired = false;
    this.dispatchEvent(new Event('change'));
  }

  reached(reached: boolean): void {
    if (this.lost === reached) {
      this.lost = !reached;
      this.dispatchEvent(new Event('change'));
    }
  }
}

export const connection = new Connection();

export interface Options {
  method?: string;
  json?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

export async function send(path: string, options: Options = {}): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = {};
  if (method !== 'GET' && connection.csrf) headers['x-luthier-csrf'] = connection.csrf;
  if (options.json !== undefined) headers['content-type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: options.json !== undefined ? JSON.stringify(options.json) : (options.form ?? null),
      signal: options.signal ?? null,
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    connection.reached(false);
    throw new ConnectionError(String(failure));
  }
  connection.reached(true);
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function refusal(answer: Response): Promise<ApiError> {
  let message = `${answer.status} ${answer.statusText}`;
  let code: string | null = null;
  let param: string | null = null;
  try {
    const { error } = (await answer.json()) as { error: { message: string; code: string | null; param: string | null } };
    ({ message, code, param } = error);
  } catch {
    // Not ours: the status says it.
  }
  if (answer.status === 401 && connection.session === 'in') {
    connection.expired = true;
    connection.become('out');
  }
  return new ApiError(answer.status, message, code, param);
}

const AGAIN_MILLIS = 1500;

/** As long; ten times as long while nobody looks at the page. */
function looked(millis: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, document.hidden ? millis * 10 : millis);
    if (document.hidden) document.addEventListener('visibilitychange', done);
  });
}

/** What only reads waits for a server that is away and asks again, so that every page comes back by itself. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return (await (await send(path, signal ? { signal } : {})).json()) as T;
    } catch (failure) {
      // An answer that breaks off is a lost connection, too; one that is no JSON is not.
      if (!(failure instanceof ConnectionError || (failure instanceof TypeError && !signal?.aborted))) throw failure;
      connection.reached(false);
      await looked(AGAIN_MILLIS);
    }
  }
}

/** What a file holds. */
export async function blob(path: string): Promise<Blob> {
  return (await send(path)).blob();
}

export async function post<T>(path: string, json: unknown = {}): Promise<T> {
  return (await (await send(path, { method: 'POST', json })).json()) as T;
}

export async function put<T>(path: string, json: unknown): Promise<T> {
  return (await (await send(path, { method: 'PUT', json })).json()) as T;
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' });
}

interface Session {
  csrf: string | null;
}
const SESSION = '/internal/ui/session';

let probing = false;

/** Asks until the server is there again, for pages that ask nothing by themselves. */
export async function probe(): Promise<void> {
  if (probing) return;
  probing = true;
  await get<Session>(SESSION).catch(() => undefined);
  probing = false;
}

export async function findSession(): Promise<void> {
  const { csrf } = await get<Session>(SESSION);
  if (csrf === null) connection.become('out');
  else connection.become('in', csrf);
}

export async function logIn(by: { key: string } | { link: string }): Promise<void> {
  const { csrf } = await post<Session>(SESSION, by);
  connection.become('in', csrf ?? '');
}

export async function logOut(): Promise<void> {
  await remove(SESSION);
  connection.become('out');
}
