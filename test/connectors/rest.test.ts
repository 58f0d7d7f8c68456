import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { activate, connect, type ActiveProcess, type MakeMapping } from '../../src/assembly/active-process.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import type { Bookmark } from '../../src/model/bookmark.js';
import type { SyncResult } from '../../src/model/progress.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { rest } from '../support/rest-connector.js';
import { startRestServer, type RestServer } from '../support/rest-server.js';

const TIE = '2026-01-01T00:00:00.000Z';

let field: RestServer;
let office: RestServer;
const http = createHttp({ timeout: 20_000 });

beforeEach(async () => {
  [field, office] = await Promise.all([startRestServer(), startRestServer()]);
});
afterEach(() => Promise.all([field.close(), office.close()]));

const definition = (): string => `integration: small
systems:
  field: { connector: rest, url: "${field.url}" }
  office: { connector: rest, url: "${office.url}" }
processes:
  all:
    every: 1 hour
    entityTypes:
      Village: { from: { system: field, list: villages }, to: { system: office, list: places }, whenVoided: keep, map: '{ "name": name }' }
      Person: { dependsOn: { Village: village }, from: { system: field, list: people }, to: { system: office, list: persons }, map: '{ "called": name, "place": $parent("Village") }' }
`;

async function process(): Promise<ActiveProcess> {
  const { definition: read, problems } = await readDefinition('small.yaml', definition(), { rest }, {});
  const all = read?.processes['all'];
  if (!read || !all) throw new Error(JSON.stringify(problems));
  const types = { rest };
  const makeMapping: MakeMapping = (entityType, codes) => compileMapping({ entityType, codes });
  return activate(read, all, { types, connectors: connect(read, types), makeMapping });
}

/**
 * As an entity type is synced: until it is done, each time from the bookmark as it comes back from
 * a history.
 */
async function sync(active: ActiveProcess, entityType: string, rows: MemoryRows, limit = 10): Promise<SyncResult[]> {
  const parts = active.parts[entityType];
  if (!parts) throw new Error(entityType);
  const results: SyncResult[] = [];
  let after: Bookmark | null = null;
  do {
    const work = { after, until: '2026-06-01T00:00:00.000Z', limit, rows, shouldYield: () => true, onProgress: () => undefined };
    const result = await syncChanges(parts, work, { http, log: silent, signal: new AbortController().signal });
    results.push(result);
    after = JSON.parse(JSON.stringify(result.bookmark)) as Bookmark;
  } while (results.at(-1)?.done === false && results.at(-1)?.stopped === undefined && results.length < 100);
  return results;
}

const put = (list: string, id: string, more: object): void => {
  const items = field.lists.get(list) ?? new Map();
  field.lists.set(list, items.set(id, { id, updated: TIE, ...more }));
};

describe('a further kind of system, in a folder of its own', () => {
  beforeEach(() => {
    for (let n = 0; n < 3; n += 1) put('villages', `v${n}`, { name: `Village ${n}` });
    for (let n = 0; n < 95; n += 1) put('people', `p${n}`, { name: `Person ${n}`, village: `v${n % 3}` });
  });

  it('brings a tie of many pages over once, by the cursor that its bookmark holds, with parents that were missing', async () => {
    const active = await process();
    const rows = new MemoryRows();
    const results = await sync(active, 'Person', rows);
    expect(results.length).toBe(10);
    expect(results[0]?.bookmark?.place).toEqual(expect.any(String));
    expect(results.map(({ sheet }) => sheet.created).reduce((sum, each) => sum + each)).toBe(95);
    expect(office.lists.get('places')?.size).toBe(3);
    const persons = [...(office.lists.get('persons')?.values() ?? [])];
    expect(new Set(persons.map(({ called }) => called)).size).toBe(95);
    const { writes } = office;
    for (const { sheet } of await sync(active, 'Person', rows)) expect(sheet.unchanged).toBe(sheet.read);
    expect(office.writes).toBe(writes);
  });

  it('makes a refused record an errored one, takes away what is deleted, and stops with a system that is down', async () => {
    const active = await process();
    const rows = new MemoryRows();
    office.refused.add('small:Person:p7');
    await sync(active, 'Person', rows, 200);
    expect([...rows.rows.keys()]).toEqual(['Person p7']);
    put('people', 'p8', { name: 'Person 8', village: 'v2', deleted: true });
    const [again] = await sync(active, 'Person', rows, 200);
    expect(again?.sheet).toMatchObject({ read: 95, removed: 1, errored: 1, unchanged: 93 });
    await office.close();
    expect(await sync(active, 'Village', rows).then(([first]) => first)).toMatchObject({ done: false, stopped: { system: 'office' } });
  });
});
