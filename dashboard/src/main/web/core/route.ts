// Where the reader is: the part of the address after `#`, so that it never leaves the browser.
export interface Route {
  page: string;
  id: string;
  query: URLSearchParams;
}

export function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/');
  return { page: page || 'jobs', id: decoded(rest.join('/')), query: new URLSearchParams(query) };
}

/** An address that somebody cut off in the middle of a sign leads to nothing, not to an empty page. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const link = (page: string, id = '', query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return '#/' + page + (id ? '/' + encodeURIComponent(id) : '') + (search ? '?' + search : '');
};

export function go(to: string): void {
  location.hash = to;
}
