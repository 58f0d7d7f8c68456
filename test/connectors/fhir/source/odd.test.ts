import { afterEach, describe, expect, it } from '@jest/globals';
import { SystemFailure } from '../../../../src/errors/system-failure.js';
import { startServer, type SimulatedRequest, type SimulatorServer } from '../../../../src/simulators/server.js';
import { c, iso, read, sourceAt, T, world } from './source-world.js';

let open: SimulatorServer | undefined;
afterEach(async () => {
  await open?.close();
});

const at = (n: number): string => iso(T + n * 1_000);
const entry = (id: string, meta: unknown, more: object = {}) => ({
  resource: { resourceType: 'Patient', id, meta, ...more },
  search: { mode: 'match' },
});
const good = (n: number) => entry(`g${n}`, { lastUpdated: at(n), versionId: '1' });

/** A server that gives what the test says: entries that lie in the window, or a whole answer. */
async function serving(entries: unknown[], answer?: (request: SimulatedRequest) => unknown): Promise<ReturnType<typeof sourceAt>> {
  open = await startServer({}, (request) => {
    if (request.query.has('_id')) return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: 0 } };
    const given = answer?.(request);
    if (given !== undefined) return { status: 200, body: given };
    const [from = '', to = '~'] = ['ge', 'lt'].map((sign) =>
      request.query
        .getAll('_lastUpdated')
        .find((each) => each.startsWith(sign))
        ?.slice(2),
    );
    const isIn = (each: unknown): boolean => {
      const stamp = (each as { resource?: { meta?: { lastUpdated?: unknown } } } | null)?.resource?.meta?.lastUpdated;
      return typeof stamp !== 'string' || !stamp.endsWith('Z') || (stamp >= (from ?? '') && stamp < (to ?? '~'));
    };
    const entry = entries.filter(isIn);
    return {
      status: 200,
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        total: entry.filter((each) => !JSON.stringify(each).includes('OperationOutcome')).length,
        entry,
      },
    };
  });
  return sourceAt(`${open.url}/fhir`);
}

describe('an entry that is no record', () => {
  it.each<[string, unknown, string | undefined]>([
    ['null', null, undefined],
    ['without a resource', { fullUrl: 'http://x/fhir/Patient/odd' }, 'odd'],
    [
      'of another type',
      { resource: { resourceType: 'Basic', id: 'odd', meta: { lastUpdated: at(2) } }, search: { mode: 'match' } },
      undefined,
    ],
    ['without an id', { resource: { resourceType: 'Patient', meta: { lastUpdated: at(2) } } }, undefined],
    ['with an id that R4 does not allow', entry('o/dd', { lastUpdated: at(2) }), undefined],
    ['without a stamp', entry('odd', {}), 'odd'],
    ['without meta', entry('odd', undefined), 'odd'],
    ['with a stamp without zone', entry('odd', { lastUpdated: '2026-01-01T00:00:02' }), 'odd'],
    ['with a stamp that is no time', entry('odd', { lastUpdated: '2026-02-30T00:00:00+00:00' }), 'odd'],
    ['with a stamp that is no text', entry('odd', { lastUpdated: 1767225602 }), 'odd'],
    ['with a stamp before the window', entry('odd', { lastUpdated: '2020-01-01T00:00:00+00:00' }), 'odd'],
  ])('is an error of its record, and the others arrive: %s', async (_name, odd, id) => {
    const source = await serving([good(1), odd, good(3)]);
    const found = [];
    for await (const { records } of source.changes({ v: 1, at: at(0) }, at(60), 10, c)) found.push(...records);
    expect(found.flatMap((each) => ('error' in each ? [] : [each.id]))).toEqual(['g1', 'g3']);
    const broken = found.flatMap((each) => ('error' in each ? [each] : []));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatchObject({ error: { code: 'Unreadable' } });
    expect(broken[0]?.id).toBe(id);
    const stamp = broken[0]?.stamp ?? '';
    expect(stamp > at(0) && stamp <= at(60)).toBe(true);
    expect(JSON.stringify(broken)).not.toContain('2020-01-01');
  });

  it('is passed by where it lies behind the window, since it comes in its time', async () => {
    const source = await serving([good(1), entry('future', { lastUpdated: '2099-01-01T00:00:00+00:00' })]);
    expect(await read(source, { until: T + 60_000 })).toMatchObject({ ids: ['g1'], broken: [] });
  });

  it('is not what a search says beside', async () => {
    const outcome = {
      resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'informational' }] },
      search: { mode: 'outcome' },
    };
    expect(await read(await serving([outcome, good(1)]))).toMatchObject({ ids: ['g1'], broken: [] });
  });
});

describe('a server that stops the type', () => {
  const searchset = (entry: unknown[], more: object = {}) => ({ resourceType: 'Bundle', type: 'searchset', entry, ...more });
  const next = (url: string, more: object = {}) => searchset([good(1), good(2)], { link: [{ relation: 'next', url }], ...more });
  let tick = 0;
  it.each<[string, (request: SimulatedRequest) => unknown, string, string]>([
    ['gives a bundle of another type', () => ({ resourceType: 'Bundle', type: 'document', entry: [] }), 'BadResponse', 'type'],
    ['gives no bundle', () => ({ resourceType: 'Patient', id: 'x' }), 'BadResponse', 'resourceType'],
    [
      'names a next page on another host',
      ({ path, query }) => next(`http://other.example${path}?${query}&p=2`, { total: 4 }),
      'BadResponse',
      'not below',
    ],
    ['names a next page elsewhere on the host', () => next('/admin/delete?x=1', { total: 4 }), 'BadResponse', 'not below'],
    ['names the same page as next', ({ query }) => next(`Patient?${query}`, { total: 4 }), 'BadResponse', 'do not end'],
    [
      'never ends',
      ({ query }) => next(`Patient?_count=${query.get('_count')}&tick=${(tick += 1)}`, { total: 4 }),
      'BadResponse',
      'do not end',
    ],
    ['drops the bounds', () => searchset([good(1), good(2)]), 'FilterDropped', 'drops _lastUpdated'],
    ['gives no stamps', () => searchset([entry('a', {}), entry('b', {})], { total: 9 }), 'BadResponse', 'without meta.lastUpdated'],
  ])('it %s', async (name, answer, code, words) => {
    const source = await serving([], answer);
    const after = name === 'drops the bounds' ? { v: 1 as const, at: at(30) } : { v: 1 as const, at: at(0) };
    const failure = await read(source, { after, limit: 2 }).catch((error: unknown) => error as SystemFailure);
    expect(failure).toBeInstanceOf(SystemFailure);
    expect(failure).toMatchObject({ code });
    expect((failure as SystemFailure).message).toContain(words);
    expect((failure as SystemFailure).remedy).not.toBe('');
  });

  it.each(['elsewhere', 'foreign', 'self', 'endless'] as const)('it has next links that lead %s', async (nextLinks) => {
    const { put, source } = await world({ nextLinks });
    for (let n = 0; n < 30; n += 1) put(`p${n}`, T);
    await expect(read(source())).rejects.toMatchObject({ code: 'BadResponse' });
  });

  it('it does not know a search parameter of the definition', async () => {
    const { put, source } = await world();
    put('p1', T);
    await expect(read(source({ search: { colour: 'red' } }))).rejects.toMatchObject({ code: 'BadResponse', status: 400 });
  });

  it('it drops _lastUpdated, which the check says too', async () => {
    const { put, source } = await world({ drops: ['_lastUpdated'] });
    put('p1', T);
    put('p2', T + 1);
    await expect(read(source(), { after: { v: 1, at: iso(T + 50_000) } })).rejects.toMatchObject({ code: 'FilterDropped' });
    expect((await source().check?.(c, []))?.problems).toMatchObject([{ code: 'FilterDropped' }]);
  });
});

describe('a record on which the server fails', () => {
  it.each([{}, { sorts: false }, { totals: false }, { maxCount: 7 }, { nextLinks: 'opaque' as const }])(
    'becomes an error of its own, and the others arrive: %j',
    async (behaviour) => {
      const { put, source, simulator } = await world(behaviour);
      for (let n = 0; n < 40; n += 1) put(`p${String(n).padStart(2, '0')}`, T + Math.floor(n / 15) * 1_000);
      simulator.behaviour.failsOn = ['p07', 'p31'];
      const { ids, broken } = await read(source());
      expect(broken.sort()).toEqual(['p07', 'p31']);
      expect(new Set(ids).size).toBe(38);
      expect(ids).toHaveLength(38);
      const fetched = await source().fetch(['p07', 'p08', 'gone'], c);
      expect([...fetched.keys()].sort()).toEqual(['p07', 'p08']);
      expect(fetched.get('p07')).toMatchObject({ error: { code: 'Unreadable' } });
    },
  );

  it('is told of by its system where that is sick', async () => {
    const { put, source, simulator } = await world();
    put('p1', T);
    simulator.faults.push({ do: { respond: { status: 500 } } });
    await expect(read(source())).rejects.toMatchObject({ code: 'ServerError' });
  });
});

it.each([400, 200])('reads from a server that gives no totals, also where it is asked to (%d)', async (status) => {
  let asked = 0;
  open = await startServer({}, ({ query }) => {
    if (query.has('_total') && (asked += 1) > 0 && status === 400) return { status, body: { resourceType: 'OperationOutcome', issue: [] } };
    if (query.get('_summary') === 'count') return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: 12 } };
    const after =
      query
        .getAll('_lastUpdated')
        .find((each) => each.startsWith('gt'))
        ?.slice(2) ?? '';
    const all = Array.from({ length: 12 }, (_, n) => good(n + 1)).filter(
      ({ resource }) => (resource.meta as { lastUpdated: string }).lastUpdated > after,
    );
    const link = all.length > 5 ? [{ relation: 'next', url: 'Patient?page=2' }] : [{ relation: 'self', url: 'Patient' }];
    return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', link, entry: all.slice(0, 5) } };
  });
  const { ids } = await read(sourceAt(`${open.url}/fhir`, { sorted: true }), { limit: 5 });
  expect(ids).toEqual(Array.from({ length: 12 }, (_, n) => `g${n + 1}`));
  expect(asked).toBe(1);
});

it('takes a resource of 5 MB', async () => {
  const { put, source } = await world({ validates: false });
  put('small', T);
  put('large', T + 1, { text: { status: 'generated', div: `<div>${'x'.repeat(5_000_000)}</div>` } });
  expect((await read(source())).ids).toEqual(['small', 'large']);
});
