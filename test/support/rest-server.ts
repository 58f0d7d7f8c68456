import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Item } from './rest-connector.js';

export interface RestServer {
  url: string;
  lists: Map<string, Map<string, Item>>;
  /** Keys that it refuses. */
  refused: Set<string>;
  writes: number;
  close(): Promise<void>;
}

/**
 * Lists of items, each by its id, read page by page with a cursor or by ids or keys, and written by
 * key.
 */
export async function startRestServer(): Promise<RestServer> {
  const lists: RestServer['lists'] = new Map();
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  const itemsOf = (name: string): Map<string, Item> => {
    const items = lists.get(name) ?? new Map<string, Item>();
    lists.set(name, items);
    return items;
  };
  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const [name = '', key = ''] = pathname.slice(1).split('/').map(decodeURIComponent);
    const items = itemsOf(name);
    if (request.method !== 'PUT') return { status: 200, body: listed(items, searchParams) };
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (refused.has(key)) return { status: 422, body: {} };
    made.writes += 1;
    const id = [...items.values()].find((each) => each.key === key)?.id ?? `${name}-${items.size + 1}`;
    items.set(id, { ...(JSON.parse(text) as object), id, key, updated: new Date().toISOString() });
    return { status: 200, body: items.get(id) };
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: RestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ lists, refused, writes: 0 },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  return made;
}

function listed(items: Map<string, Item>, query: URLSearchParams): { items: Item[]; next: string | null } {
  const among = (name: string, of: (item: Item) => string | undefined): Item[] =>
    (query.get(name) ?? '').split(',').flatMap((value) => [...items.values()].filter((item) => of(item) === value));
  if (query.has('ids')) return { items: among('ids', ({ id }) => id), next: null };
  if (query.has('keys')) return { items: among('keys', ({ key }) => key), next: null };
  const [after, until, limit] = [query.get('after') ?? '', query.get('until') ?? '', Number(query.get('limit'))];
  const place = ({ updated, id }: Item): string => `${updated} ${id}`;
  const all = [...items.values()]
    .filter(({ updated }) => updated > after && updated <= until)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));
  const rest = all.filter((item) => place(item) > Buffer.from(query.get('cursor') ?? '', 'base64url').toString());
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: last && rest.length > limit ? Buffer.from(place(last)).toString('base64url') : null };
}
