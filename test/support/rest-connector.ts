import { z } from 'zod';
import { SystemFailure } from '../../src/errors/system-failure.js';
import { horizonBy } from '../../src/connectors/clock.js';
import type {
  Bookmark,
  ChangeSource,
  ConnectorType,
  Context,
  Destination,
  DestinationOptions,
  Found,
  Page,
  WriteRequest,
} from '../../src/connectors/connector.js';
import type { HttpResponse } from '../../src/http/http.js';

/** A record of the list, as the server gives it. */
export interface Item {
  id: string;
  key?: string;
  updated: string;
  deleted?: boolean;
  [member: string]: unknown;
}

const listSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), updated: z.string() })), next: z.string().nullable() });
const systemSettings = z.strictObject({ url: z.string() });
const listSettings = z.strictObject({ list: z.string() });

/**
 * A plain REST list that is read by a cursor, and written by key: all that a further kind of system
 * needs.
 */
export const rest: ConnectorType = {
  name: 'rest',
  errorTypes: [],
  systemSettings,
  sourceSettings: listSettings,
  destinationSettings: listSettings,
  reads: (settings) => ({ type: listSettings.parse(settings).list }),
  writes: (settings) => [{ type: listSettings.parse(settings).list }],
  connect: (_name, settings, options) => {
    const base = systemSettings.parse(settings).url;
    const ask = (path: string, c: Context, json?: object): Promise<HttpResponse> =>
      c.http.send({
        ...(json ? { method: 'PUT', kind: 'write', json } : { method: 'GET', kind: 'read' }),
        url: `${base}${path}`,
        signal: c.signal,
      });
    return {
      check: () => Promise.resolve({ ok: true, problems: [] }),
      horizon: async (c) => {
        const asked = Date.now();
        const { headers } = await ask('/', c);
        return horizonBy({ asked, answered: Date.now(), date: Date.parse(headers['date'] ?? ''), age: 0 }, options);
      },
      source: (given) => sourceOf(`/${listSettings.parse(given).list}`, ask),
      destination: (given, among) => destinationOf(listSettings.parse(given).list, among, ask),
    };
  },
};

type Ask = (path: string, c: Context, json?: object) => Promise<HttpResponse>;

/**
 * Its place inside a reading is the server's cursor; nothing lies beyond it before its stamp is
 * done.
 */
function sourceOf(path: string, ask: Ask): ChangeSource {
  const list = async (query: string, c: Context): Promise<z.infer<typeof listSchema>> => read(await ask(`${path}?${query}`, c));
  const recordOf = ({ id, updated, deleted, ...body }: Item) => {
    const voided = deleted === true;
    return { id, version: updated, modified: updated, voided, body: { id, ...body } };
  };
  async function* changes(after: Bookmark | null, until: string, limit: number, c: Context): AsyncGenerator<Page> {
    const at = after?.at ?? '1970-01-01T00:00:00.000Z';
    let cursor = typeof after?.place === 'string' ? after.place : '';
    for (;;) {
      const { items, next } = await list(`after=${at}&until=${until}&limit=${limit}&cursor=${cursor}`, c);
      yield { records: items.map(recordOf), bookmark: next === null ? { v: 1, at: until } : { v: 1, at, place: next } };
      if (next === null) return;
      cursor = next;
    }
  }
  return {
    changes,
    hasChanges: async (after, until, c) => (await list(`after=${after?.at ?? ''}&until=${until}&limit=1&cursor=`, c)).items.length > 0,
    fetch: async (ids, c) => new Map((await list(`ids=${ids.join()}`, c)).items.map((item) => [item.id, recordOf(item)])),
  };
}

/** It takes no id of ours: what it has is found by its key. */
function destinationOf(list: string, { integration, entityTypes }: DestinationOptions, ask: Ask): Destination {
  const keyOf = (entityType: string, id: string): string => [integration, entityType, id].map(encodeURIComponent).join(':');
  const look = async (list: string, keys: string[], c: Context): Promise<Map<string, Item>> => {
    const { items } = read(await ask(`/${list}?keys=${keys.map(encodeURIComponent).join()}`, c));
    return new Map(items.map((item) => [String(item['key']), item as Item]));
  };
  const write = async ({ origin, action, resources }: WriteRequest, stored: Item | undefined, c: Context) => {
    const key = keyOf(origin.entityType, origin.id);
    if (action !== 'upsert' && !stored) return { kind: 'absent' } as const;
    const body = action === 'upsert' ? { ...(resources[0]?.body as object) } : { ...stored, deleted: true };
    const { id: _id, updated: _updated, key: _key, ...has } = stored ?? {};
    if (stored && JSON.stringify(has) === JSON.stringify(body)) return { kind: 'unchanged', ids: { main: stored.id } } as const;
    const { status, text } = await ask(`/${list}/${encodeURIComponent(key)}`, c, body);
    if (status >= 500) return { kind: 'unavailable' } as const;
    if (status >= 400)
      return { kind: 'refused', error: { code: 'Refused', message: `It answered ${status}.`, remedy: 'Mend it.' } } as const;
    const ids = { main: (JSON.parse(text) as Item).id };
    return { kind: action === 'upsert' ? (stored ? 'updated' : 'created') : 'removed', ids } as const;
  };
  return {
    shape: (_name, mapped) => ({ type: list, body: mapped }),
    reference: ({ id }: Found) => id,
    placeholder: (name) => ({ name }),
    // Others of its process write to lists of their own.
    find: (refs, c) =>
      Promise.all(
        refs.map(async (ref): Promise<Found[]> => {
          if (!('origin' in ref)) return [];
          const { entityType, id } = ref.origin;
          const { list: type } = listSettings.parse(entityTypes[entityType]?.settings);
          const item = (await look(type, [keyOf(entityType, id)], c)).get(keyOf(entityType, id));
          return item ? [{ type, id: item.id, ...(item.deleted ? { removed: true } : {}) }] : [];
        }),
      ),
    write: async (requests, c) => {
      const stored = await look(
        list,
        requests.map(({ origin: { entityType, id } }) => keyOf(entityType, id)),
        c,
      );
      return Promise.all(requests.map((each) => write(each, stored.get(keyOf(each.origin.entityType, each.origin.id)), c)));
    },
  };
}

function read({ status, text }: HttpResponse): z.infer<typeof listSchema> {
  if (status !== 200) throw new SystemFailure({ code: 'Unavailable', message: `It answered ${status}.`, remedy: 'See to it.', status });
  return listSchema.parse(JSON.parse(text));
}
