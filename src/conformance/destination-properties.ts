import assert from 'node:assert/strict';
import type { Context, Destination, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import { SystemFailure } from '../errors/system-failure.js';
import { assertClean, failing, odd } from './failures.js';
import { reaching, type Reached } from './reached.js';
import type { DestinationWorld, Property } from './world.js';

interface World extends Reached {
  destination: Destination;
  world: DestinationWorld;
  /** Asks for records to be written in one of their states. */
  upserts(ids: string[], state?: number): WriteRequest[];
  removals(ids: string[]): WriteRequest[];
}

const IDS = ['r1', 'r2', 'r3', 'r4', 'r5'];

/** What holds of each destination. */
export const destinationProperties: Property<DestinationWorld>[] = [
  property(
    'creates, changes nothing by the same once more, updates, removes and brings back',
    async ({ destination, world, context, ...w }) => {
      const write = async (requests: WriteRequest[]): Promise<string[]> => kindsOf(await destination.write(requests, context()));
      assert.deepEqual(await write(w.upserts(IDS)), all('created'));
      const first = sorted(await world.stored());
      assert.deepEqual(await write(w.upserts(IDS)), all('unchanged'));
      assert.deepEqual(sorted(await world.stored()), first, 'The same once more is not the same');
      assert.deepEqual(await write(w.upserts(IDS, 1)), all('updated'));
      const second = sorted(await world.stored());
      assert.deepEqual([second.length, second.filter((each) => first.includes(each))], [first.length, []]);
      assert.deepEqual(await write(w.removals(IDS)), all('removed'));
      assert.deepEqual(await world.stored(), []);
      assert.deepEqual(await write(w.removals(IDS)), all('absent'));
      await write(w.upserts(IDS, 1));
      assert.deepEqual(sorted(await world.stored()), second, 'It does not come back as it was');
    },
  ),
  property('ends in the same state whatever the order, and however often', async ({ destination, world, context, ...w }) => {
    await destination.write(w.upserts(IDS, 1), context());
    const once = sorted(await world.stored());
    for (const ids of [[...IDS].reverse(), ['r3'], ['r5', 'r1'], IDS]) {
      await destination.write(w.upserts(ids, 0), context());
      await destination.write(w.upserts(ids, 1), context());
    }
    assert.deepEqual(sorted(await world.stored()), once);
  }),
  property('finds what was written by the record it came from, and nothing else', async ({ destination, world, context, ...w }) => {
    await destination.write(w.upserts(['r1', 'r2']), context());
    const refs = ['r1', 'r9', 'r2'].map((id) => ({ origin: { entityType: world.entityType, id } }));
    const found = (await destination.find(refs, context())).map((each) => ('code' in each ? [] : each));
    assert.deepEqual(
      found.map((each) => each.length),
      [1, 0, 1],
    );
    assert.ok(found[0]?.[0] && destination.reference(found[0][0]) !== undefined, 'It gives no reference');
  }),
  property('writes none twice though the answer to a write was lost', async ({ destination, world, front, context, ...w }) => {
    for (let lost = 1; lost <= 3; lost += 1) {
      let writes = 0;
      front.disturb = ({ method, url }) => (isWrite(method, url) && ++writes === lost ? 'lose' : undefined);
      const ids = IDS.map((id) => `${id}-${lost}`);
      const outcomes = await writeOrFail(destination, w.upserts(ids), context());
      for (const { kind } of outcomes) assert.ok(['created', 'unknown', 'unavailable'].includes(kind), `An outcome is ${kind}`);
      front.disturb = undefined;
      await destination.write(w.upserts(ids), context());
      assert.equal((await world.stored()).length, IDS.length * lost * perRecord(world));
      assert.deepEqual(kindsOf(await destination.write(w.upserts(ids), context())), all('unchanged'));
    }
  }),
  property('refuses the one that the system refuses, and writes the others', async ({ destination, world, context, ...w }) => {
    if (!world.refused) return;
    const bad = request(world, destination, 'r3', world.refused('r3'));
    const requests = w.upserts(IDS).map((each) => (each.origin.id === 'r3' ? bad : each));
    const outcomes = await destination.write(requests, context());
    assert.deepEqual(kindsOf(outcomes), ['created', 'created', 'refused', 'created', 'created']);
    const error = outcomes.flatMap((each) => (each.kind === 'refused' ? [each.error] : []))[0];
    assert.ok(error && error.code !== '' && error.remedy !== '', 'A refusal has a code and a remedy');
    for (const secret of world.secrets) assert.ok(!error.message.includes(secret), 'A refusal holds what a record says');
  }),
  ...Object.entries({ ...failing, ...Object.fromEntries(Object.entries(odd).map(([what, by]) => [`answers ${what}`, { by }])) }).map(
    ([how, { by }]) =>
      property(`claims no write as done where the system ${how}`, async ({ destination, world, front, context, ...w }) => {
        await destination.write(w.upserts(['r1', 'r2']), context());
        const before = sorted(await world.stored());
        front.disturb = ({ method, url }) => (isWrite(method, url) ? by : undefined);
        const outcomes = await writeOrFail(destination, w.upserts(IDS, 1), context(), world.secrets);
        for (const outcome of outcomes) {
          assert.ok(!['created', 'updated', 'unchanged', 'removed'].includes(outcome.kind), `It claims ${outcome.kind}`);
          if (outcome.kind === 'refused') assertClean(new Error(outcome.error.message), world.secrets);
        }
        front.disturb = undefined;
        assert.deepEqual(sorted(await world.stored()), before);
        await destination.write(w.upserts(IDS, 1), context());
        assert.deepEqual(kindsOf(await destination.write(w.upserts(IDS, 1), context())), all('unchanged'));
      }),
  ),
  property(
    'waits for a write in flight when it is cancelled, and begins no further one',
    async ({ destination, front, context, world, ...w }) => {
      const cancel = new AbortController();
      front.disturb = ({ method, url }) => {
        if (isWrite(method, url)) cancel.abort();
        return undefined;
      };
      await writeOrFail(destination, w.upserts(IDS), context(cancel.signal));
      assert.equal(front.inFlight(), 0, 'A request is in flight after it returned');
      const { length } = front.requests;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(front.requests.length, length, 'It asks on after it was cancelled');
      front.disturb = undefined;
      await destination.write(w.upserts(IDS), context());
      assert.equal((await world.stored()).length, IDS.length * perRecord(world));
    },
  ),
];

function property(name: string, holds: (world: World) => Promise<void>): Property<DestinationWorld> {
  return {
    name,
    holds: (world) =>
      reaching(world, async (reached) => {
        const { connector: type, destinationSettings, options } = world;
        const destination = reached.connector.destination?.(type.destinationSettings?.parse(destinationSettings), options);
        assert.ok(destination, `${type.name} is no destination`);
        const upserts = (ids: string[], state = 0): WriteRequest[] =>
          ids.map((id) =>
            request(
              world,
              destination,
              id,
              world.mapped(id, state, (name) => destination.placeholder(name)),
              String(state),
            ),
          );
        const removals = (ids: string[]): WriteRequest[] => ids.map((id) => ({ ...bare(world, id), action: 'remove', resources: [] }));
        await holds({ ...reached, destination, world, upserts, removals });
      }),
  };
}

function bare({ options: { integration, process }, entityType }: DestinationWorld, id: string, version = '1'): WriteRequest {
  return { origin: { integration, process, entityType, id }, version, action: 'upsert', resources: [], adopt: false };
}

function request(
  world: DestinationWorld,
  destination: Destination,
  id: string,
  mapped: Record<string, unknown>,
  version?: string,
): WriteRequest {
  const resources = Object.entries(mapped).map(([name, value]) => {
    const shaped = destination.shape(name, value);
    assert.ok(shaped && !('error' in shaped), `${name} of ${id} has not the form that the destination asks for`);
    return { name, ...shaped };
  });
  return { ...bare(world, id, version), resources };
}

/** Outcomes, or none where the system failed before anything was done. */
async function writeOrFail(
  destination: Destination,
  requests: WriteRequest[],
  c: Context,
  secrets: readonly string[] = [],
): Promise<WriteOutcome[]> {
  try {
    return await destination.write(requests, c);
  } catch (error) {
    assert.ok(error instanceof SystemFailure || (error as Error).name === 'Cancelled', `It is no failure of the system: ${String(error)}`);
    assertClean(error, secrets);
    return [];
  }
}

/** A search may be a POST too. */
function isWrite(method: string | undefined, url: string | undefined): boolean {
  return method !== 'GET' && !(url ?? '').includes('_search');
}

function perRecord(world: DestinationWorld): number {
  return Object.keys(world.mapped('r1', 0, () => undefined)).length;
}

function kindsOf(outcomes: WriteOutcome[]): string[] {
  return outcomes.map(({ kind }) => kind);
}

function all(kind: string): string[] {
  return IDS.map(() => kind);
}

function sorted(texts: string[]): string[] {
  return [...texts].sort();
}
