import { describe, expect, it } from '@jest/globals';
import { Cancelled, SystemFailure } from '../../src/errors/system-failure.js';
import { Random } from '../../src/simulators/avni/random.js';
import type { Progress } from '../../src/model/progress.js';
import { balances } from '../../src/model/sheet.js';
import { fakeProcess, type FakeProcess, type Settings } from '../support/sync/fake-process.js';
import { iso, type FakeRecord } from '../support/sync/fake-source.js';

const ROUNDS = 6;
const MOST_TRIES = 200;
/** After so many tries nothing interrupts any more: some seeds would never end. */
const CALM = 40;
const TYPES = ['A', 'B', 'C', 'D'] as const;

/**
 * C is a child of B and of A, D of A; what goes is removed everywhere, or marked where others
 * depend on it.
 */
function typesOf(random: Random): Record<string, Settings> {
  const policy = random.pick(['remove', 'mark'] as const);
  return {
    A: { whenNoLonger: policy },
    B: { dependsOn: ['A'], whenNoLonger: policy },
    C: { dependsOn: ['A', 'B'] },
    D: { dependsOn: ['A'] },
  };
}

/**
 * A new record, at times with a twin of the same stamp. A child comes after its parents, as in any
 * source.
 */
function create({ system }: FakeProcess, random: Random, type: string, id: string): void {
  const one = (of: string): FakeRecord | undefined => {
    const [first, ...rest] = system.of(of);
    return first && random.pick([first, ...rest]);
  };
  const b = type === 'C' ? one('B') : undefined;
  const a = type === 'A' ? undefined : (b?.parents['A'] ?? one('A')?.id);
  if ((type === 'C' && !b) || (type !== 'A' && a === undefined)) return;
  const parents = { ...(a !== undefined ? { A: a } : {}), ...(b ? { B: b.id } : {}) };
  const created = random.chance(0.2) ? { created: undefined } : {};
  const record = system.put(type, id, { parents, voided: random.chance(0.2), accepted: random.chance(0.85), ...created });
  if (random.chance(0.3)) system.put(type, `${id}-twin`, { parents, modified: record.modified });
}

/** One change of the source, or of what the destination refuses. */
function mutate(p: FakeProcess, random: Random): void {
  const { system, destination } = p;
  const type = random.pick(TYPES);
  const id = `${type.toLowerCase()}${random.between(1, 12)}`;
  const known = system.get(type, id);
  if (!known) return void create(p, random, type, id);
  if (random.chance(0.15)) return void destination.refusing.add(`${type} ${id}`);
  if (random.chance(0.3)) return void destination.refusing.delete(`${type} ${id}`);
  const bad = random.chance(0.15) ? random.pick(['mapping', 'unreadable'] as const) : undefined;
  const flipped = random.pick<Partial<FakeRecord>>([{}, { voided: !known.voided }, { accepted: !known.accepted }]);
  system.put(type, id, { ...flipped, bad });
}

class Died extends Error {}

/**
 * What may happen at any call: a system fails, the process is paused, the worker dies; rows are
 * Temporal's, which is no system of the process.
 */
function interruption(random: Random, point: string): Error {
  if (point === 'record' || point === 'in step') return new Died('Temporal did not answer');
  return random.pick([
    new SystemFailure({ code: 'Unavailable', message: 'It is down.', remedy: 'Wait.' }),
    new Cancelled('Paused'),
    new Died('The worker died'),
  ]);
}

function fits(p: FakeProcess, type: string, id: string): boolean {
  const record = p.system.get(type, id);
  if (!record || record.voided || !record.accepted) return false;
  return Object.entries(record.parents).every(([parent, parentId]) => fits(p, parent, parentId));
}

/**
 * Whether a row is open for a record, or it waits on one, or a record that it depends on does: then
 * it follows that.
 */
function isOpen(p: FakeProcess, type: string, id: string): boolean {
  if (p.rows.rows.has(`${type} ${id}`) || p.rows.isHeld(type, id)) return true;
  return Object.entries(p.system.get(type, id)?.parents ?? {}).some(([parent, of]) => isOpen(p, parent, of));
}

/** Records that are neither as they should be, nor errored or held: lost. */
function lost(p: FakeProcess): string[] {
  return [...p.system.records.values()].flatMap(({ type, id, modified }) => {
    const stored = p.destination.stored.get(`${type} ${id}`);
    const valid = stored?.marked === false;
    if (isOpen(p, type, id)) return [];
    if (!fits(p, type, id)) return valid ? [`${type} ${id} should not be there`] : [];
    return valid && stored.version === iso(modified) ? [] : [`${type} ${id} should be there as it is`];
  });
}

function orphans({ destination }: FakeProcess): string[] {
  return [...destination.stored].flatMap(([key, { parents, marked }]) => {
    const without = parents.filter((parent) => destination.stored.get(parent)?.marked ?? true);
    return marked || without.length === 0 ? [] : [`${key} is there without ${without.join(' and ')}`];
  });
}

/**
 * Syncs a type to the end, through whatever interrupts it; each time it goes on from the last
 * progress that was seen.
 */
async function syncThrough(p: FakeProcess, type: string, random: Random, between: (tries: number) => void): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const seen: Progress[] = [];
    const after = p.bookmarks[type] ?? null;
    try {
      const work = {
        limit: random.between(1, 5),
        after,
        shouldYield: () => random.chance(0.2),
        onProgress: (each: Progress) => void seen.push(each),
      };
      const result = await p.sync(type, work);
      expect(balances(result.sheet)).toBe(true);
      expect(result.stopped?.code ?? 'Unavailable').toBe('Unavailable');
      if (result.done) return;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      // The last heartbeat may not have got out.
      const last = seen.at(random.chance(0.5) ? -1 : -2);
      p.bookmarks[type] = last?.bookmark ?? after;
    }
    between(tries);
  }
  throw new Error(`${type} does not come to its end`);
}

describe('random interruptions', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('lose nothing, and leave no child without its parent (seed %i)', async (seed) => {
    const random = new Random(seed * 7919 + 1);
    let chance = 0;
    const at = async (point: string): Promise<void> => {
      if (random.chance(chance)) throw interruption(random, point);
    };
    const p = fakeProcess(typesOf(random), { at, errors: { stopAfter: { consecutive: 10_000, share: 1, open: 100_000 } } });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let n = random.between(5, 25); n > 0; n -= 1) mutate(p, random);
      chance = random.pick([0, 0.02, 0.1]);
      for (const type of TYPES)
        await syncThrough(p, type, random, (tries) => {
          if (tries >= CALM) chance = 0;
          if (random.chance(0.5)) mutate(p, random);
        });
      chance = 0;
      if (random.chance(0.3)) await p.heal();
    }
    await p.cycle();
    expect([lost(p), orphans(p), p.destination.violations]).toEqual([[], [], []]);
    p.destination.refusing.clear();
    for (const { type, id, bad } of [...p.system.records.values()]) if (bad) p.system.put(type, id, { bad: undefined });
    await p.cycle();
    await p.heal();
    await p.cycle();
    expect([lost(p), orphans(p), p.destination.violations]).toEqual([[], [], []]);
    expect([...p.rows.rows.keys()]).toEqual([]);
  });
});
