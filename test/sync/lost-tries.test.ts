import { beforeEach, describe, expect, it } from '@jest/globals';
import { SystemFailure } from '../../src/errors/system-failure.js';
import { retryRecords, type Retried } from '../../src/sync/retry.js';
import { RaceWorld } from '../support/races/world.js';

const sick = new SystemFailure({ code: 'Unreachable', message: 'm', remedy: 'r' });
let world: RaceWorld;

async function retry(lost: boolean, entityType: string, ...ids: string[]): Promise<Record<string, Retried>> {
  const work = { ...world.work, ...(lost ? { lost: true as const } : {}) };
  return Object.fromEntries(await retryRecords(ids, world.of(entityType), work, world.context));
}

/** A worker is lost, or a system fails, at the first read after something was written. */
function failsAfterWriting(error: Error): void {
  world.step = async (call) => {
    if (call === 'write Subject 1') {
      // The regular process writes a newer state while this older one is in hand.
      world.put('Subject', '1', 2);
      world.destination.set('Subject 1', 'v2');
    }
    if (call.startsWith('fetch Subject') && world.writes.length > 0) throw error;
  };
}

/** Nothing is told any more. */
function workerIsGone(): () => void {
  const { lookAgain } = world.rows;
  world.rows.lookAgain = async () => undefined;
  return () => void (world.rows.lookAgain = lookAgain);
}

describe('a parent that a failed record brought over, as an older state than the regular process wrote meanwhile', () => {
  beforeEach(async () => {
    world = new RaceWorld();
    world.put('Subject', '1', 1);
    world.put('Enrolment', 'e', 1, { parent: '1' });
    world.put('Visit', 'v', 1, { parent: 'e' });
    await world.fails('Enrolment', 'e', 1);
  });

  it('is looked at when the record is tried again after its worker was lost', async () => {
    failsAfterWriting(new Error('lost worker'));
    const back = workerIsGone();
    await expect(retry(false, 'Enrolment', 'e')).rejects.toThrow('lost worker');
    expect(world.destination.get('Subject 1')).toBe('v1');
    back();
    world.step = async () => undefined;
    expect(await retry(true, 'Enrolment', 'e')).toEqual({ e: 'healed' });
    expect(world.destination.get('Subject 1')).toBe('v2');
    expect(world.rows.open.size).toBe(0);
  });

  it('is looked at in the next pass where a system failed before it could be read again', async () => {
    failsAfterWriting(sick);
    await expect(retry(false, 'Enrolment', 'e')).rejects.toBe(sick);
    expect(world.destination.get('Subject 1')).toBe('v1');
    expect(world.rows.find('Enrolment', 'e')?.lookAgain).toBe(true);
    world.step = async () => undefined;
    expect(await retry(false, 'Enrolment', 'e')).toEqual({ e: 'healed' });
    expect(world.destination.get('Subject 1')).toBe('v2');
    expect(world.rows.open.size).toBe(0);
  });

  it('is looked at however far above it stands', async () => {
    await world.rows.inStep([{ entityType: 'Enrolment', id: 'e', version: 'v1', stamp: '2026-01-01T00:00:01.000Z' }]);
    await world.fails('Visit', 'v', 1);
    failsAfterWriting(new Error('lost worker'));
    const back = workerIsGone();
    await expect(retry(false, 'Visit', 'v')).rejects.toThrow('lost worker');
    back();
    world.step = async () => undefined;
    expect(await retry(true, 'Visit', 'v')).toEqual({ v: 'healed' });
    expect(world.destination.get('Subject 1')).toBe('v2');
  });

  it('is left to its own row where it has one, which then looks at it whatever happens to it meanwhile', async () => {
    world.destination.set('Subject 1', 'v0');
    await world.fails('Subject', '1', 1);
    await retry(true, 'Enrolment', 'e');
    expect(world.writes).not.toContain('Subject 1 v1');
    await world.regularWrites('Subject', '1');
    expect(world.rows.find('Subject', '1')).toMatchObject({ lookAgain: true });
    expect(await retry(false, 'Subject', '1')).toEqual({ '1': 'healed' });
    expect(world.rows.open.size).toBe(0);
  });

  it('is not asked for where nothing was lost', async () => {
    world.destination.set('Subject 1', 'v1');
    const calls: string[] = [];
    world.step = async (call) => void calls.push(call);
    await retry(false, 'Enrolment', 'e');
    expect(calls.filter((call) => call.includes('Subject'))).toEqual([]);
  });
});
