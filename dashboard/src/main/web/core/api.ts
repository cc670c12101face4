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

export type SessionState = 'unknown' | 'out' | 'in';

class Connection extends EventTarget {
  session: SessionState = 'unknown';
  lost = false;
  csrf = '';

  become(session: SessionState, csrf = ''): void {
    this.session = session;
    this.csrf = csrf;
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
  if (answer.status === 401 && connection.session === 'in') connection.become('out');
  return new ApiError(answer.status, message, code, param);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await send(path, signal ? { signal } : {})).json()) as T;
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
