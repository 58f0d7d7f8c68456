import assert from 'node:assert/strict';
import type { Bookmark, ChangeSource, Page } from '../connectors/connector.js';
import { parseInstant, type Instant } from '../model/instant.js';
import { assertCancelled, assertClean, assertFailure, failing, odd, thrown } from './failures.js';
import { MARGIN, reaching, type Reached } from './reached.js';
import type { Property, SourceWorld } from './world.js';
import { SystemFailure } from '../errors/system-failure.js';

/** Records a page. */
const PAGE = 10;

/** Where the stamps of a proof begin: long ago for any clock. */
const BEGIN = Date.UTC(2024, 0, 1);

/** Groups of one stamp that are proved, next to a page of 10. */
const TIES = [1, 2, 9, 10, 11, 29, 50];

interface World extends Reached {
  source: ChangeSource;
  world: SourceWorld;
  /** The n-th stamp that the system tells apart. */
  at(n: number): Instant;
  /** Makes records, the n-th with the stamp `stampOf(n)`; their ids. */
  make(count: number, stampOf: (n: number) => number): Promise<string[]>;
}

/** What holds of each source. */
export const sourceProperties: Property<SourceWorld>[] = [
  property('gives what was changed after a stamp and up to another, oldest first, each once', async ({ at, make, source, context }) => {
    const ids = await make(35, (n) => n);
    const { given, pages } = await readAll(source.changes({ v: 1, at: at(4) }, at(31), PAGE, context()));
    assert.deepEqual(
      given.map(({ id }) => id),
      ids.slice(5, 32),
    );
    assert.deepEqual(pages.at(-1)?.bookmark, { v: 1, at: at(31) });
    assert.deepEqual(idsOf(await readAll(source.changes(null, at(4), PAGE, context()))), ids.slice(0, 5));
    assert.deepEqual(idsOf(await readAll(source.changes({ v: 1, at: at(34) }, at(40), PAGE, context()))), []);
  }),
  property(
    'gives all that share a stamp, however many, and of each page what follows its bookmark',
    async ({ at, make, source, context }) => {
      const groups = TIES.flatMap((size, group) => Array<number>(size).fill(group));
      const ids = await make(groups.length, (n) => groups[n] ?? 0);
      const { pages } = await readAll(source.changes(null, at(100), PAGE, context()));
      assert.deepEqual(sorted(pages.flatMap(idsIn)), sorted(ids));
      for (const [index, { bookmark }] of pages.entries()) {
        const rest = await readAll(source.changes(carried(bookmark), at(100), PAGE, context()));
        const done = pages.slice(0, index + 1).flatMap(idsIn);
        assert.deepEqual(sorted([...done, ...idsOf(rest)]), sorted(ids), `Read on from page ${index + 1}`);
      }
    },
  ),
  property('loses none that stays while others are changed between its pages', async ({ at, make, source, world, context }) => {
    const ids = await make(60, (n) => Math.floor(n / 4));
    const changed = new Set<string>();
    const given: string[] = [];
    for await (const page of source.changes(null, at(500), PAGE, context())) {
      given.push(...idsIn(page));
      for (const n of [3, 17, 31, 44, 58].map((n) => (n + 7 * changed.size) % 60)) {
        const id = ids[n] ?? '';
        if (changed.has(id)) continue;
        changed.add(id);
        await world.change(id, at(600 + n));
      }
    }
    assert.deepEqual(
      ids.filter((id) => !changed.has(id) && !given.includes(id)),
      [],
    );
    const later = idsOf(await readAll(source.changes({ v: 1, at: at(500) }, at(1_000), PAGE, context())));
    assert.deepEqual(sorted(later), sorted([...changed]), 'What was changed comes later');
  }),
  property(
    'gives a version that changes with the record, a stamp in UTC, and the record by its id',
    async ({ at, make, source, world, context }) => {
      const [id = '', other = ''] = await make(2, (n) => n);
      const before = (await source.fetch([id, other, 'no-such-record'], context())).get(id);
      await world.change(id, at(7));
      const found = await source.fetch([id, other, 'no-such-record'], context());
      assert.deepEqual(sorted([...found.keys()]), sorted([id, other]));
      const after = found.get(id);
      assert.ok(
        before && after && 'version' in before && 'version' in after && before.version !== after.version,
        'Its version is the same',
      );
      assert.equal(parseInstant(after.modified), at(7));
      const { given } = await readAll(source.changes({ v: 1, at: at(5) }, at(9), PAGE, context()));
      assert.deepEqual(
        given.map((each) => ('version' in each ? each.version : '')),
        [after.version],
        'Listed, it has another version',
      );
    },
  ),
  property('says whether there are changes', async ({ at, make, source, context }) => {
    await make(3, (n) => 10 + n);
    for (const [after, until, has] of [
      [0, 9, false],
      [0, 10, true],
      [11, 12, true],
      [12, 99, false],
    ] as const)
      assert.equal(await source.hasChanges({ v: 1, at: at(after) }, at(until), context()), has, `after ${after}, until ${until}`);
  }),
  property('tells of a record that was taken away', async ({ at, make, source, world, context }) => {
    if (!world.remove) return;
    const [id = ''] = await make(3, (n) => n);
    await world.remove(id, at(50));
    const { given } = await readAll(source.changes({ v: 1, at: at(10) }, at(60), PAGE, context()));
    assert.deepEqual(
      given.map((each) => [each.id, 'voided' in each && each.voided]),
      [[id, true]],
    );
  }),
  property('puts its horizon behind the clock of the system', async ({ connector, context }) => {
    const { until } = await connector.horizon(context());
    assert.ok(Date.parse(until) <= Date.now() - MARGIN + 1_000, `It is ${until}`);
  }),
  ...Object.entries(failing).map(([how, { by, ...expected }]) =>
    property(`gives a failure of the system where it ${how}`, async ({ at, make, source, front, context, world }) => {
      await make(25, (n) => n);
      front.disturb = () => by;
      for (const read of [
        () => readAll(source.changes(null, at(50), PAGE, context())),
        () => source.hasChanges(null, at(50), context()),
        () => source.fetch(['some-record'], context()),
      ])
        assertFailure(await thrown(read), expected, world.secrets);
    }),
  ),
  ...Object.entries(odd).map(([what, by]) =>
    property(`passes nothing by where the answer is ${what}`, async ({ at, make, source, front, context, world }) => {
      const ids = await make(25, (n) => n);
      const given: string[] = [];
      let bookmark: Bookmark | null = null;
      let mended = false;
      const read = async (): Promise<void> => {
        for await (const page of source.changes(bookmark, at(50), PAGE, context())) {
          given.push(...idsIn(page));
          ({ bookmark } = page);
          if (!mended) front.disturb = () => by;
        }
      };
      const error = await read().catch((failed: unknown) => failed);
      if (error !== undefined) assert.ok(error instanceof SystemFailure, String(error));
      assertClean(error, world.secrets);
      front.disturb = undefined;
      mended = true;
      await read();
      assert.deepEqual(sorted([...new Set(given)]), sorted(ids));
    }),
  ),
  property('ends within a second when it is cancelled, and asks nothing after it', async (reached) => {
    await reached.make(5, (n) => n);
    await assertCancelled(reached, (c) => readAll(reached.source.changes(null, reached.at(50), PAGE, c)));
    await assertCancelled(reached, (c) => reached.source.fetch(['some-record'], c));
  }),
];

function property(name: string, holds: (world: World) => Promise<void>): Property<SourceWorld> {
  return {
    name,
    holds: (world) =>
      reaching(world, async (reached) => {
        const { connector: type, precision, sourceSettings } = world;
        const source = reached.connector.source?.(type.sourceSettings?.parse(sourceSettings), { entityTypes: {} });
        assert.ok(source, `${type.name} is no source`);
        const at = (n: number): Instant => new Date(BEGIN + n * precision).toISOString();
        const make = async (count: number, stampOf: (n: number) => number): Promise<string[]> => {
          const ids: string[] = [];
          for (let n = 0; n < count; n += 1) ids.push(await world.make(at(stampOf(n))));
          return ids;
        };
        await holds({ ...reached, source, world, at, make });
      }),
  };
}

async function readAll(pages: AsyncIterable<Page>): Promise<{ given: Page['records']; pages: Page[] }> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return { given: read.flatMap(({ records }) => records), pages: read };
}

function idsIn({ records }: Page): string[] {
  return records.map(({ id }) => id ?? '?');
}

function idsOf({ pages }: { pages: Page[] }): string[] {
  return pages.flatMap(idsIn);
}

/** As a bookmark comes back from a history. */
function carried(bookmark: Bookmark): Bookmark {
  return JSON.parse(JSON.stringify(bookmark)) as Bookmark;
}

function sorted(ids: string[]): string[] {
  return [...ids].sort();
}
