import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { Bookmark, ChangeSource, Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { Random } from '../../../src/simulators/avni/random.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: Pick<AvniSimulator, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

const T = Date.UTC(2026, 0, 1);
const at = (n: number): string => new Date(T + n * 1000).toISOString();
const HOUSEHOLD = { subject: 'Household', members: true };
const WOMAN = { subject: 'Woman', memberships: true };
const entityTypes = { Household: HOUSEHOLD, Woman: WOMAN };

async function world() {
  const organisation = new AvniOrganisation();
  const simulator = await startAvniSimulator({ organisation });
  open.push(simulator);
  const connector = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 10_000 });
  const source = (settings: object): ChangeSource => {
    const made = connector.source?.(settings, { entityTypes });
    if (!made) throw new Error('Avni is a source');
    return made;
  };
  const subject = (type: string, n: number, observations = {}) =>
    organisation.add('subject', type, { 'Subject type': type, observations }, { stamp: T + n * 1000 }).id;
  const join = (group: string, member: string, n: number, more: { Role?: string; voided?: boolean } = {}) =>
    organisation.add(
      'groupSubject',
      '',
      { 'Group ID': group, 'Member ID': member, Role: more.Role ?? 'Member' },
      { stamp: T + n * 1000, voided: more.voided ?? false },
    ).id;
  return { organisation, simulator, source, subject, join };
}

async function read(source: ChangeSource, after: Bookmark | null, until: string, size = 50) {
  const given: (SourceRecord | Unreadable)[] = [];
  let bookmark = after;
  for await (const page of source.changes(after, until, size, c)) {
    given.push(...page.records);
    bookmark = JSON.parse(JSON.stringify(page.bookmark)) as Bookmark;
  }
  return { given, bookmark };
}

const bodyOf = (record: SourceRecord | Unreadable | undefined): Record<string, unknown> =>
  record && 'body' in record ? (record.body as Record<string, unknown>) : {};
const membersOf = (record: SourceRecord | Unreadable | undefined): unknown =>
  (bodyOf(record)['Members'] as Record<string, unknown>[]).map((member) => [member['Member ID'], member['Role']]);

describe('a household', () => {
  it('comes with its members, once, at the last change of either', async () => {
    const { organisation, source, subject, join } = await world();
    const [house, empty] = [subject('Household', 1), subject('Household', 2)];
    const [asha, bina] = [subject('Woman', 3, { 'First name': 'Asha' }), subject('Woman', 4)];
    join(house, asha, 5, { Role: 'Head' });
    const left = join(house, bina, 6);
    join(subject('Camp', 7), asha, 7);
    const { given, bookmark } = await read(source(HOUSEHOLD), null, at(20));
    expect(given.map((each) => [each.id, 'version' in each && each.version, membersOf(each)])).toEqual([
      [empty, at(2), []],
      [
        house,
        at(6),
        [
          [asha, 'Head'],
          [bina, 'Member'],
        ],
      ],
    ]);
    expect(bodyOf(given[1])).toMatchObject({
      'Subject type': 'Household',
      Members: [{ 'Member subject': { observations: { 'First name': 'Asha' } } }, {}],
    });
    expect(bookmark).toEqual({ v: 1, at: at(20) });

    organisation.change(left, { voided: true }, T + 30_000);
    expect(await source(HOUSEHOLD).hasChanges(bookmark, at(29), c)).toBe(false);
    expect(await source(HOUSEHOLD).hasChanges(bookmark, at(30), c)).toBe(true);
    const later = await read(source(HOUSEHOLD), bookmark, at(40));
    expect(later.given.map((each) => [each.id, 'version' in each && each.version, membersOf(each)])).toEqual([
      [house, at(30), [[asha, 'Head']]],
    ]);
    expect((await source(HOUSEHOLD).fetch([house], c)).get(house)).toEqual(later.given[0]);
  });

  it('lists its women as its children, as they are read, and nobody of another type', async () => {
    const { source, subject, join } = await world();
    const [house, other, asha, ravi, bina] = [
      subject('Household', 1),
      subject('Household', 1),
      subject('Woman', 2),
      subject('Man', 3),
      subject('Woman', 4),
    ];
    join(house, asha, 5);
    join(house, ravi, 5);
    join(other, bina, 5);
    const found: (SourceRecord | Unreadable)[] = [];
    for await (const each of source(WOMAN).childrenOf?.({ entityType: 'Household', id: house }, c) ?? []) found.push(each);
    expect(found.map(({ id }) => id)).toEqual([asha]);
    expect(bodyOf(found[0])).toMatchObject({ Groups: [house], Memberships: [{ 'Group ID': house }] });
    expect(avni.listsChildren?.(HOUSEHOLD, WOMAN)).toBe(true);
    expect(avni.listsChildren?.({ subject: 'Household' }, WOMAN)).toBe(false);
  });

  it('that cannot be read for one of its members is an error of its own, and no other’s', async () => {
    const { organisation, source, subject, join } = await world();
    organisation.metadata.concepts.push({ name: 'Birth', uuid: 'birth', dataType: 'Date' });
    const [sick, well, broken, asha] = [
      subject('Household', 1),
      subject('Household', 2),
      subject('Woman', 3, { Birth: 'long ago' }),
      subject('Woman', 3),
    ];
    join(sick, broken, 4);
    join(well, asha, 5);
    const { given } = await read(source(HOUSEHOLD), null, at(20));
    expect(given.map((each) => [each.id, 'error' in each && each.error.code])).toEqual(
      expect.arrayContaining([
        [sick, 'Unreadable'],
        [well, false],
      ]),
    );
    expect(new Set(given.map(({ id }) => id))).toEqual(new Set([sick, well]));
    const fetched = await source(HOUSEHOLD).fetch([sick, well], c);
    expect([...fetched].map(([id, each]) => [id, 'error' in each])).toEqual([
      [sick, true],
      [well, false],
    ]);
  });

  it('that is voided comes as that, whatever becomes of its members', async () => {
    const { organisation, source, subject, join } = await world();
    const [house, asha] = [subject('Household', 1), subject('Woman', 1)];
    const membership = join(house, asha, 2);
    organisation.change(house, { voided: true }, T + 5_000);
    organisation.change(membership, { voided: true }, T + 6_000);
    const { given } = await read(source(HOUSEHOLD), null, at(20));
    expect(given).toMatchObject([{ id: house, voided: true, version: at(5) }]);
  });
});

describe('a woman', () => {
  it('comes anew when she joins a household or leaves it', async () => {
    const { organisation, source, subject, join } = await world();
    const [house, asha] = [subject('Household', 1), subject('Woman', 2)];
    const { bookmark } = await read(source(WOMAN), null, at(3));
    const membership = join(house, asha, 5);
    const joined = await read(source(WOMAN), bookmark, at(7));
    expect(joined.given.map(bodyOf)).toMatchObject([
      { ID: asha, Memberships: [{ 'Group ID': house, 'Group subject': { 'Subject type': 'Household' } }] },
    ]);
    organisation.change(membership, { voided: true }, T + 8_000);
    const left = await read(source(WOMAN), joined.bookmark, at(9));
    expect(left.given.map(bodyOf)).toMatchObject([{ ID: asha, Memberships: [], Groups: [] }]);
  });
});

it('only subjects have members and memberships', () => {
  const problems = (settings: object) =>
    avni.sourceSettings?.safeParse(settings).error?.issues.map(({ path, message }) => [...path, message]);
  expect(problems({ encounter: 'Visit', members: true })).toEqual([['members', 'must be given for subjects alone']]);
  expect(problems({ subject: 'Household', members: true, memberships: true })).toBeUndefined();
});

it.each([1, 2, 3])('whatever changes between pages and cycles, the last state of each household comes (seed %i)', async (seed) => {
  const random = new Random(seed);
  const { organisation, source, subject, join } = await world();
  const pick = <V>(list: V[]): V => list[Math.floor(random.next() * list.length)] as V;
  let clock = 0;
  const houses = Array.from({ length: 6 }, () => subject('Household', (clock += 1)));
  const women = Array.from({ length: 4 }, () => subject('Woman', (clock += 1)));
  const memberships: string[] = [];
  const step = (): void => {
    // Several share a stamp.
    if (random.chance(0.6)) clock += 1;
    const stamp = T + clock * 1000;
    if (random.chance(0.3)) organisation.change(pick(houses), {}, stamp);
    else if (memberships.length > 0 && random.chance(0.5)) organisation.change(pick(memberships), { voided: random.chance(0.5) }, stamp);
    else memberships.push(join(pick(houses), pick(women), clock));
  };
  const seen = new Map<string, string>();
  let bookmark: Bookmark | null = null;
  for (let cycle = 0; cycle < 5; cycle += 1) {
    for (let n = 0; n < 8; n += 1) step();
    const until = at((clock += 1));
    for await (const page of source(HOUSEHOLD).changes(bookmark, until, 3, c)) {
      for (const record of page.records) if ('body' in record) seen.set(record.id, record.version);
      bookmark = JSON.parse(JSON.stringify(page.bookmark)) as Bookmark;
      if (random.chance(0.3)) {
        clock += 1;
        step();
      }
      // As after a turn that ended.
      if (random.chance(0.3)) break;
    }
  }
  const last = await read(source(HOUSEHOLD), bookmark, at(clock + 10), 3);
  for (const record of last.given) if ('body' in record) seen.set(record.id, record.version);
  const now = [...(await source(HOUSEHOLD).fetch(houses, c))].map(([id, record]) => [id, 'version' in record && record.version]);
  expect([...seen].sort()).toEqual(now.sort());
});
