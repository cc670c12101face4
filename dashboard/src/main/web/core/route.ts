// Where the reader is: the part of the address after `#`, so that it never leaves the browser.
export interface Route {
  page: string;
  id: string;
  query: URLSearchParams;
}

export function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/');
  return { page: page || 'jobs', id: decodeURIComponent(rest.join('/')), query: new URLSearchParams(query) };
}

export const link = (page: string, id = '', query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return '#/' + page + (id ? '/' + encodeURIComponent(id) : '') + (search ? '?' + search : '');
};

export function go(to: string): void {
  location.hash = to;
}
