import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WriteOutcome } from '../../../src/connectors/connector.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { ORIGIN_TAG } from '../../../src/connectors/fhir/identity.js';
import { SystemFailure } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import { freezePrototypes } from '../../../src/model/freeze-prototypes.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import type { SimulatedRequest } from '../../../src/simulators/server.js';
import { oddAnswers, placesIn, SENTINEL } from '../../support/odd-answers.js';
import { echoOf, oddWorld, requestFor, type OddWorld } from './odd-answers-world.js';

const http = createHttp({ timeout: 20_000 });
// As in a worker.
beforeAll(freezePrototypes);
afterAll(() => http.close());

const idOf = (record: string): string => resourceId('i', 'Person', [], record, 'main');
const refTo = (id: string) => ({ origin: { entityType: 'Person', id } });
const coding = { system: 'urn:t', code: 'x' };
const profile = ['http://hl7.org/fhir/StructureDefinition/Patient'];
const tagged = { meta: { tag: [coding], security: [coding], profile } };

/** What is done with a record while one kind of answer is odd. */
interface Scenario {
  behaviour?: Partial<FhirBehaviour>;
  bundle?: number;
  keyed?: boolean;
  /** What is altered is not done at all. */
  isLost?: true;
  /** Only one of so many odd values is tried in each place, each time another. Default 12. */
  thin?: number;
  /** The answers that are odd. */
  hits(request: SimulatedRequest): boolean;
  /** What the server has before. */
  before?(world: OddWorld, id: string): Promise<unknown>;
  /** The outcomes, each to be well told. */
  work(world: OddWorld, id: string): Promise<unknown[]>;
}

const isSearch = ({ method, path, query }: SimulatedRequest): boolean => method === 'GET' && path === '/fhir/Patient' && query.size > 0;
const isWrite = ({ method }: SimulatedRequest): boolean => method === 'PUT' || method === 'DELETE';
const isTransaction = ({ method, path }: SimulatedRequest): boolean => method === 'POST' && /^\/fhir\/?$/.test(path);
const isReadOfOne = ({ method, path }: SimulatedRequest): boolean => method === 'GET' && /Patient\/[^/]+$/.test(path);
const ends =
  (word: string) =>
  ({ path }: SimulatedRequest): boolean =>
    path.endsWith(word);

const store = async ({ straight, c }: OddWorld, id: string, body: object = {}): Promise<void> => {
  expect(await straight.write([requestFor(id, 'upsert', body)], c)).toMatchObject([{ kind: 'created' }]);
};
const upsert = ({ altered, c }: OddWorld, id: string, body: object = {}): Promise<WriteOutcome[]> =>
  altered.write([requestFor(id, 'upsert', body)], c);
const remove = ({ altered, c }: OddWorld, id: string): Promise<WriteOutcome[]> => altered.write([requestFor(id, 'remove')], c);

/** A hospital's Patient, taken over, whose record has another key now. */
const tookOver = async ({ simulator, straight, c }: OddWorld, id: string): Promise<void> => {
  const identifier = [{ system: 'urn:k', value: `k-${id}` }];
  simulator.repository.put({ resourceType: 'Patient', id: `h-${id}`, identifier, name: [{ family: `${SENTINEL} Devi` }] });
  expect(await straight.write([requestFor(id, 'upsert', {}, `k-${id}`)], c)).toMatchObject([{ adopted: true }]);
};

const scenarios: Record<string, Scenario> = {
  'a search by tag or id, for what is there': {
    thin: 24,
    hits: isSearch,
    before: (world, id) => store(world, id),
    work: async (world, id) => [
      await world.altered
        .find([refTo(id)], world.c)
        .then(([found = []]) => ({ found: 'code' in found ? found.code : found.length }), thrown),
      planned((await world.altered.plan?.([requestFor(id, 'mark')], world.c).catch(caught)) ?? []),
      ...(await upsert(world, id, { active: true })),
    ],
  },
  'a search by tag, for what is to be removed': {
    hits: isSearch,
    before: (world, id) => store(world, id),
    work: (world, id) => remove(world, id),
  },
  'a search by key': {
    keyed: true,
    hits: ({ method, query }) => method === 'GET' && query.has('identifier'),
    before: ({ simulator }, id) =>
      Promise.resolve(
        simulator.repository.put({ resourceType: 'Patient', id: `h-${id}`, identifier: [{ system: 'urn:k', value: `k-${id}` }] }),
      ),
    work: (world, id) => world.altered.write([requestFor(id, 'upsert', {}, `k-${id}`)], world.c),
  },
  'a PUT': { hits: isWrite, work: (world, id) => upsert(world, id) },
  'a PUT that is not carried out': { isLost: true, hits: isWrite, work: (world, id) => upsert(world, id) },
  'a PUT that is refused': {
    behaviour: { rules: true },
    hits: isWrite,
    work: (world, id) => upsert(world, id, { birthDate: '2999-01-01' }),
  },
  'a DELETE': {
    behaviour: { deleteStatus: 200, writeAnswers: 'outcome' },
    hits: isWrite,
    before: (world, id) => store(world, id),
    work: (world, id) => remove(world, id),
  },
  'a transaction': {
    bundle: 100,
    hits: isTransaction,
    work: async (world, id) => world.altered.write([requestFor(id), requestFor(`${id}-second`)], world.c),
  },
  'a transaction that is not carried out': {
    bundle: 100,
    isLost: true,
    hits: isTransaction,
    work: async (world, id) => world.altered.write([requestFor(id)], world.c),
  },
  'a transaction that is refused': {
    bundle: 100,
    behaviour: { rules: true },
    hits: isTransaction,
    work: async (world, id) => world.altered.write([requestFor(id, 'upsert', { birthDate: '2999-01-01' })], world.c),
  },
  'the look whether a write was done': {
    behaviour: { writeAnswers: 'none' },
    hits: isReadOfOne,
    work: (world, id) => upsert(world, id),
  },
  'the look whether a tag is away': {
    behaviour: { mergesMeta: true },
    hits: isReadOfOne,
    before: (world, id) => store(world, id, tagged),
    work: (world, id) => upsert(world, id, { active: true }),
  },
  '$meta-delete': {
    behaviour: { mergesMeta: true },
    hits: ends('$meta-delete'),
    before: (world, id) => store(world, id, tagged),
    work: (world, id) => upsert(world, id, { active: true }),
  },
  $validate: {
    hits: ends('$validate'),
    work: async (world, id) => [planned((await world.altered.plan?.([requestFor(id)], world.c)) ?? [])],
  },
  _history: {
    keyed: true,
    thin: 36,
    hits: ends('_history'),
    before: tookOver,
    work: (world, id) => world.altered.write([requestFor(id, 'upsert', {}, `new-${id}`)], world.c),
  },
  'the CapabilityStatement': { hits: ends('metadata'), work: async (world) => [await world.altered.check?.(world.c)] },
  'the answer that shows the clock': { hits: isSearch, work: async (world) => [await world.check()] },
};

/** What would be done; nothing is. */
const planned = (outcomes: unknown[]): unknown => ({ planned: outcomes });
const thrown = (error: unknown): unknown => {
  if (error instanceof SystemFailure) return { failed: error.code, message: error.message, remedy: error.remedy };
  throw error;
};
const caught = (error: unknown): [unknown] => [thrown(error)];

/**
 * Whether an answer says itself, by all that tells a resource, that this record is written, as a
 * server that lies may.
 */
function saysWritten(text: string, id: string): boolean {
  const { entry: [{ resource = undefined } = {}] = [], ...whole } = JSON.parse(text) as { entry?: { resource?: unknown }[] };
  const { resourceType, id: given, meta } = (resource ?? whole) as { resourceType?: unknown; id?: unknown; meta?: { tag?: unknown } };
  const tags = JSON.stringify(meta?.tag ?? []);
  return resourceType === 'Patient' && given === idOf(id) && tags.includes(ORIGIN_TAG) && tags.includes(`i/p/Person/${id}`);
}

/** What is wrong with an outcome; undefined where it is one of those that there are. */
function wrongWith(world: OddWorld, id: string, outcome: unknown, answered: string): string | undefined {
  const text = JSON.stringify(outcome, (name, value: unknown) => (name === 'detail' || name === 'body' ? undefined : value));
  if (text.includes(SENTINEL)) return `shows what the answer says: ${text.slice(0, 300)}`;
  if (text.length > 3_000) return 'is longer than any message';
  const { kind, error, failure } = outcome as { kind?: string; error?: unknown; failure?: unknown };
  for (const words of [error, failure, (outcome as { failed?: string }).failed === undefined ? undefined : outcome]) {
    const { message, remedy } = (words ?? { message: 'a', remedy: 'a' }) as { message?: unknown; remedy?: unknown };
    if (typeof message !== 'string' || typeof remedy !== 'string' || message === '') return `is not in words: ${text}`;
  }
  const stored = world.simulator.repository.get('Patient', idOf(id)) ?? world.simulator.repository.get('Patient', `h-${id}`);
  if ((kind === 'created' || kind === 'updated') && !stored && !(world.front.instead && saysWritten(answered, id)))
    return `is told as ${kind}, and is not there`;
  // Of another id, it is another resource.
  return kind === 'removed' && stored && answered.includes(idOf(id)) ? 'is told as removed, and is there' : undefined;
}

/** The answer as it is where all is well. */
async function usualAnswer(world: OddWorld, scenario: Scenario): Promise<string> {
  const { hits, before, work } = scenario;
  let answer = '';
  await before?.(world, 'usual');
  if (scenario.isLost) world.front.instead = echoOf;
  world.front.alter = { hits, by: (text) => (answer = text) };
  await work(world, 'usual').catch(caught);
  expect(answer).toMatch(/^\{.*\}$/s);
  return answer;
}

describe.each(Object.entries(scenarios))('odd answers of a FHIR server: %s', (_name, scenario) => {
  const { behaviour = {}, bundle = 1, keyed = false, isLost = false, thin = 12, hits, before, work } = scenario;

  it('each comes to an outcome in words, or to none that is not true', async () => {
    const known = await oddWorld(http, behaviour, { bundle, keyed });
    const answer = await usualAnswer(known, scenario);
    await known.close();
    const wrong: string[] = [];
    for (const [place, path] of placesIn(JSON.parse(answer)).entries()) {
      const world = await oddWorld(http, behaviour, { bundle, keyed });
      if (isLost) world.front.instead = echoOf;
      for (const [n, [what]] of oddAnswers(answer, path).entries()) {
        if ((n + place) % thin > 0) continue;
        const id = `r${n}`;
        let answered = '';
        await before?.(world, id);
        // The same place in this record's own answer; of another form, it stays as it is.
        const odd = (text: string): string => (sameForm(text, answer) ? (oddAnswers(text, path)[n]?.[1]() ?? text) : text);
        world.front.alter = { hits, by: (text) => (answered = odd(text)) };
        const outcomes = await work(world, id)
          .catch(caught)
          .catch((error: unknown) => [`${String(error)}`]);
        // What is odd of one entry is of its record alone.
        const [list, entry, ...within] = path;
        const other =
          bundle > 1 && list === 'entry' && within.length > 0 && outcomes.length > 1
            ? (outcomes[1 - Number(entry)] as object)
            : { kind: 'created' };
        if (!('kind' in other) || other.kind !== 'created')
          wrong.push(`${path.join('.')} ${what}: the other record is told as ${JSON.stringify(other)}`);
        for (const outcome of outcomes) {
          const problem = typeof outcome === 'string' ? `throws ${outcome}` : wrongWith(world, id, outcome, answered);
          if (problem !== undefined) wrong.push(`${path.join('.')} ${what}: ${problem}`);
        }
      }
      await world.close();
    }
    expect(wrong).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 300_000);
});

function sameForm(a: string, b: string): boolean {
  const form = (text: string): string => JSON.stringify(placesIn(JSON.parse(text)));
  return a !== '' && form(a) === form(b);
}
