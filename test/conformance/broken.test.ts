import { describe, expect, it } from '@jest/globals';
import {
  destinationProperties,
  sourceProperties,
  type DestinationWorld,
  type Property,
  type SourceWorld,
  type SystemWorld,
} from '../../src/conformance/index.js';
import type { ChangeSource, Connector, ConnectorType, Destination, Page, SourceRecord } from '../../src/connectors/connector.js';
import { avniSource, fhirDestination } from './worlds.js';

/**
 * A connector broken on purpose: what its source or destination does wrong, and which promise that
 * breaks.
 */
type Broken<Part> = [wrong: string, promise: RegExp, breaking: (part: Part) => Partial<Part>];

const sources: Broken<ChangeSource>[] = [
  [
    'leaves out the last record of a page',
    /oldest first/,
    (source) => pages(source, (page) => ({ ...page, records: page.records.slice(0, -1) })),
  ],
  ['gives the newest first', /oldest first/, (source) => pages(source, (page) => ({ ...page, records: [...page.records].reverse() }))],
  [
    'begins with the stamp it is to begin after',
    /oldest first/,
    (source) => ({ changes: (after, ...rest) => source.changes(after && { ...after, at: earlier(after.at) }, ...rest) }),
  ],
  [
    'forgets the place in its bookmarks',
    /share a stamp/,
    (source) => pages(source, (page) => ({ ...page, bookmark: { v: 1, at: page.bookmark.place ? lastStamp(page) : page.bookmark.at } })),
  ],
  ['has one version for ever', /version/, (source) => ({ ...records(source, (each) => ({ ...each, version: '1' })) })],
  ['says that there is nothing', /says whether/, () => ({ hasChanges: () => Promise.resolve(false) })],
  [
    'does not tell what was taken away',
    /taken away/,
    (source) => pages(source, (page) => ({ ...page, records: page.records.filter((each) => !('voided' in each && each.voided)) })),
  ],
  [
    'takes a sick system for an empty one',
    /503/,
    () => ({
      changes: async function* (_after, until) {
        yield { records: [], bookmark: { v: 1, at: until } };
      },
    }),
  ],
  [
    'lets no one cancel it',
    /cancelled/,
    (source) => ({
      changes: (after, until, limit, c) => source.changes(after, until, limit, { ...c, signal: new AbortController().signal }),
    }),
  ],
];

const destinations: Broken<Destination>[] = [
  [
    'writes what is there already',
    /creates, changes nothing/,
    (one) => ({
      write: async (requests, c) =>
        (await one.write(requests, c)).map((each) => (each.kind === 'unchanged' ? { ...each, kind: 'updated' } : each)),
    }),
  ],
  [
    'claims what it did not write',
    /503/,
    (one) => ({
      write: async (requests, c) => {
        const outcomes = await one.write(requests, c).catch(() => []);
        return requests.map((_, index) => {
          const kind = outcomes[index]?.kind;
          return kind === undefined || kind === 'unavailable' || kind === 'unknown'
            ? { kind: 'created', ids: {} }
            : (outcomes[index] ?? { kind: 'absent' });
        });
      },
    }),
  ],
  [
    'makes a record anew at each try',
    /lost/,
    (one) => ({
      write: (requests, c) =>
        one.write(
          requests.map((each) => ({ ...each, origin: { ...each.origin, id: `${each.origin.id}-${Math.random()}` } })),
          c,
        ),
    }),
  ],
  [
    'finds what is not there',
    /finds/,
    (one) => ({
      find: (refs, c) =>
        one.find(refs, c).then((found) => found.map((each) => ('code' in each || each.length > 0 ? each : [{ type: 'Patient', id: 'x' }]))),
    }),
  ],
  [
    'lets one refusal fail all',
    /refuses/,
    (one) => ({
      write: async (requests, c) => {
        const outcomes = await one.write(requests, c);
        const refused = outcomes.find(({ kind }) => kind === 'refused');
        return refused ? requests.map(() => refused) : outcomes;
      },
    }),
  ],
];

const earlier = (at: string): string => new Date(Date.parse(at) - 1).toISOString();
const lastStamp = ({ records, bookmark }: Page): string =>
  records.flatMap((each) => ('modified' in each ? [each.modified] : [])).at(-1) ?? bookmark.at;

function pages(source: ChangeSource, alter: (page: Page) => Page): Partial<ChangeSource> {
  return {
    async *changes(...args) {
      for await (const page of source.changes(...args)) yield alter(page);
    },
  };
}

function records(source: ChangeSource, alter: (record: SourceRecord) => SourceRecord): Partial<ChangeSource> {
  const altered = <T extends Page['records'][number]>(each: T) => ('error' in each ? each : alter(each));
  return {
    ...pages(source, (page) => ({ ...page, records: page.records.map(altered) })),
    fetch: async (...args) => new Map([...(await source.fetch(...args))].map(([id, each]) => [id, altered(each)])),
  };
}

/** The same kind of system, whose sources or destinations are broken. */
function broken(type: ConnectorType, breaking: { source?: Broken<ChangeSource>[2]; destination?: Broken<Destination>[2] }): ConnectorType {
  const over = <Part extends object>(part: Part, alter: (part: Part) => Partial<Part>): Part =>
    Object.assign(Object.create(part) as Part, alter(part));
  return {
    ...type,
    connect: (...args): Connector => {
      const connector = type.connect(...args);
      return over(connector, () => ({
        source: (...given) => over(connector.source?.(...given) as ChangeSource, breaking.source ?? (() => ({}))),
        destination: (...given) => over(connector.destination?.(...given) as Destination, breaking.destination ?? (() => ({}))),
      }));
    },
  };
}

async function fails<World extends SystemWorld>(properties: Property<World>[], promise: RegExp, world: World): Promise<void> {
  const property = properties.find(({ name }) => promise.test(name));
  if (!property) throw new Error(`No property is ${String(promise)}`);
  try {
    await expect(property.holds(world)).rejects.toMatchObject({ code: 'ERR_ASSERTION' });
  } finally {
    await world.close();
  }
}

describe('a source that', () => {
  it.each(sources)('%s is seen', async (_wrong, promise, source) => {
    const world: SourceWorld = await avniSource();
    await fails(sourceProperties, promise, { ...world, connector: broken(world.connector, { source }) });
  });
});

describe('a destination that', () => {
  it.each(destinations)('%s is seen', async (_wrong, promise, destination) => {
    const world: DestinationWorld = await fhirDestination(100);
    await fails(destinationProperties, promise, { ...world, connector: broken(world.connector, { destination }) });
  });
});
