import { beforeEach, describe, expect, it } from '@jest/globals';
import { retryRecords } from '../../src/sync/retry.js';
import type { Retried } from '../../src/sync/retry-work.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { RaceWorld, stamp } from '../support/races/world.js';

/** As Avni has it: one whose id has a slash comes in lists, and cannot be asked for. */
const ID = 'a/b';
const EPOCH = '1970-01-01T00:00:00.000Z';
const error = { code: 'Unreadable', message: 'm', remedy: 'Correct it and save it.' };
let world: RaceWorld;

beforeEach(() => {
  world = new RaceWorld();
  const { source } = world.of('Subject');
  const { fetch } = source;
  source.fetch = async (ids, c) => {
    const found = await fetch(ids, c);
    return ids.includes(ID) ? found.set(ID, { id: ID, stamp: EPOCH, slot: 0, error }) : found;
  };
});

async function retry(): Promise<Retried | undefined> {
  return (await retryRecords([ID], world.of('Subject'), world.work, world.context)).get(ID);
}

async function sync(entityType: string, second: number): Promise<void> {
  const work = { after: { v: 1 as const, at: stamp(second - 1) }, until: stamp(second), limit: 10, rows: world.rows };
  const result = await syncChanges(world.of(entityType), { ...work, shouldYield: () => false, onProgress: () => undefined }, world.context);
  expect(result).toMatchObject({ done: true });
}

const row = () => world.rows.get('Subject', ID);

describe('a record that its source lists and cannot give by itself', () => {
  it('lets its children go once its changes brought it over', async () => {
    world.put('Subject', ID, 1, { bad: true });
    await sync('Subject', 1);
    world.put('Enrolment', 'e', 2, { parent: ID });
    await sync('Enrolment', 2);
    expect(row()).toMatchObject({ state: 'failing', failure: { version: 'v1' }, waiting: [{ id: 'e' }] });
    expect(await retry()).toBe('failing');
    world.put('Subject', ID, 3);
    await sync('Subject', 3);
    expect(row()).toMatchObject({ state: 'releasing', waiting: [{ id: 'e' }] });
    expect(await retry()).toBe('healed');
    expect([world.destination.get('Enrolment e'), world.rows.ended, world.rows.open.size]).toEqual(['v2', [`Subject ${ID} synced`], 0]);
  });

  it('fails for all to see while it is not there, with its children on its row', async () => {
    world.put('Enrolment', 'e', 2, { parent: ID });
    await sync('Enrolment', 2);
    expect(row()).toMatchObject({ state: 'failing', failure: { error: { errorType: 'Unreadable', remedy: error.remedy } } });
    expect(await retry()).toBe('failing');
    expect(row()).toMatchObject({ state: 'failing', attempts: 2, waiting: [{ id: 'e' }] });
    world.put('Subject', ID, 3);
    await sync('Subject', 3);
    expect(await retry()).toBe('healed');
    expect([world.destination.get('Enrolment e'), world.rows.open.size]).toEqual(['v2', 0]);
  });

  it('fails again where it was in step and is gone from the destination', async () => {
    world.put('Subject', ID, 1, { bad: true });
    await sync('Subject', 1);
    world.put('Enrolment', 'e', 2, { parent: ID });
    await sync('Enrolment', 2);
    world.put('Subject', ID, 3);
    await sync('Subject', 3);
    world.destination.delete(`Subject ${ID}`);
    world.put('Enrolment', 'f', 4, { parent: ID });
    await sync('Enrolment', 4);
    expect(row()).toMatchObject({ state: 'failing', failure: { error: { errorType: 'Unreadable' } } });
    await world.rows.settled(
      { entityType: 'Subject', id: ID },
      { synced: { entityType: 'Subject', id: ID, version: 'v3', stamp: stamp(3) } },
    );
    expect(await retry()).toBe('failing');
    expect(row()).toMatchObject({ state: 'failing', failure: { error: { errorType: 'Unreadable' } }, waiting: [{ id: 'e' }, { id: 'f' }] });
    expect(world.destination.has('Enrolment e')).toBe(false);
  });
});
