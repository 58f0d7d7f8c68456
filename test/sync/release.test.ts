import { beforeEach, describe, expect, it } from '@jest/globals';
import { SystemFailure } from '../../src/errors/system-failure.js';
import type { RecordErrored } from '../../src/sync/failures.js';
import { parentFailing } from '../../src/sync/parts.js';
import { retryRecords } from '../../src/sync/retry.js';
import { RaceWorld } from '../support/races/world.js';
import { MAX_WAITING } from '../../src/model/waiting-child.js';

const parent = { entityType: 'Subject', id: '1' };
const unreadable = { code: 'Unreadable', message: 'm', remedy: 'r' };
let world: RaceWorld;

beforeEach(async () => {
  world = new RaceWorld();
  world.put('Subject', '1', 1);
  await world.fails('Subject', '1', 1);
});

async function heal(): Promise<void> {
  await retryRecords(['1'], world.of('Subject'), world.work, world.context);
}

const failure = (id: string): Omit<RecordErrored, 'error'> => ({
  kind: 'errored',
  entityType: 'Enrolment',
  id,
  version: 'v2',
  stamp: '2026-01-01T00:00:02.000Z',
});

async function children(count: number, type = 'Enrolment', of = '1'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    world.put(type, `c${index}`, 2, { parent: of });
    await world.holds(type, `c${index}`, 2, parent);
  }
}

describe('children that waited on a record', () => {
  it('follow it at once, forty-five of them, none left and none skipped', async () => {
    await children(45);
    await heal();
    expect([...world.destination.keys()].filter((key) => key.startsWith('Enrolment'))).toHaveLength(45);
    expect(world.writes[0]).toBe('Subject 1 v1');
    expect(world.rows.open.size).toBe(0);
    expect(world.released).toBe(45);
  });

  it('keep the row they have of their own: what they fail for now is news there, and one try more', async () => {
    world.put('Enrolment', 'e', 2, { parent: '1', bad: true });
    world.source.set('Enrolment u', { id: 'u', stamp: '2026-01-01T00:00:03.000Z', slot: 0, error: unreadable });
    for (const id of ['e', 'u']) {
      await world.fails('Enrolment', id, 2);
      await world.rows.failedAgain({ ...failure(id), error: world.of('Enrolment').classify(parentFailing(parent)) });
      await world.holds('Enrolment', id, 2, parent);
      expect(world.rows.get('Enrolment', id)).toMatchObject({ attempts: 1, failure: { error: { code: 'ParentFailing' } } });
    }
    await heal();
    expect(world.rows.get('Enrolment', 'e')).toMatchObject({ attempts: 2, failure: { error: { code: 'MappingFailed' } } });
    expect(world.rows.get('Enrolment', 'u')).toMatchObject({ attempts: 2, failure: { error: { code: 'Unreadable' } } });
    expect([...world.rows.open.keys()].sort()).toEqual(['Enrolment e', 'Enrolment u']);
  });

  it('keep it also where they wait on another record now', async () => {
    world.put('Visit', 'v', 3, { parent: 'e' });
    await world.fails('Visit', 'v', 3);
    await world.holds('Visit', 'v', 3, parent);
    world.put('Enrolment', 'e', 2, { parent: '1', bad: true });
    await world.fails('Enrolment', 'e', 2);
    await heal();
    expect(world.rows.get('Visit', 'v')).toMatchObject({ attempts: 1, failure: { error: { code: 'ParentFailing' } } });
    expect(world.rows.get('Enrolment', 'e')?.waiting).toEqual([{ entityType: 'Visit', id: 'v', version: 'v3' }]);
  });

  it('follow in the order of the process, whatever the order they were held in', async () => {
    world.put('Visit', 'v', 3, { parent: 'e' });
    await world.holds('Visit', 'v', 3, parent);
    world.put('Enrolment', 'e', 2, { parent: '1' });
    await world.holds('Enrolment', 'e', 2, parent);
    await heal();
    expect(world.writes).toEqual(['Subject 1 v1', 'Enrolment e v2', 'Visit v v3']);
    expect(world.rows.open.size).toBe(0);
  });

  it('are listed by the source where they are too many for the row', async () => {
    const many = MAX_WAITING + 1;
    await children(many);
    expect(world.rows.get('Subject', '1')?.waiting).toBe('all');
    await heal();
    expect([...world.destination.keys()].filter((key) => key.startsWith('Enrolment'))).toHaveLength(many);
    expect(world.rows.open.size).toBe(0);
  }, 150_000);

  it('bring theirs too where none is listed, also below one that is there already', async () => {
    await children(MAX_WAITING + 1);
    world.destination.set('Enrolment c0', 'v2');
    world.put('Visit', 'v', 3, { parent: 'c0' });
    await heal();
    expect(world.destination.get('Visit v')).toBe('v3');
    expect(world.rows.open.size).toBe(0);
  }, 150_000);

  it.each([1, MAX_WAITING + 1])(
    'wait on where they are held there anew, as where a search index lags (%i of them)',
    async (count) => {
      await children(count);
      const enrolment = world.of('Enrolment');
      enrolment.definition.whenParentMissing = 'hold';
      const { find } = enrolment.destination;
      enrolment.destination.find = async (refs) => refs.map(() => []);
      await heal();
      expect([...world.destination.keys()]).toEqual(['Subject 1']);
      expect(world.rows.get('Subject', '1')).toMatchObject({ state: 'releasing', waiting: count === 1 ? [{ id: 'c0' }] : 'all' });
      enrolment.destination.find = find;
      await heal();
      expect([world.destination.size, world.rows.open.size]).toEqual([count + 1, 0]);
    },
    60_000,
  );

  it('get a row of their own where they fail, and close their parent’s', async () => {
    world.put('Enrolment', 'e', 2, { parent: '1', bad: true });
    await world.holds('Enrolment', 'e', 2, parent);
    await heal();
    expect(world.rows.ended).toEqual(['Subject 1 synced']);
    expect([...world.rows.open.keys()]).toEqual(['Enrolment e']);
    expect(world.rows.get('Enrolment', 'e')).toMatchObject({ state: 'failing', attempts: 1 });
  });

  it('get one by their id where the source cannot give them', async () => {
    world.source.set('Enrolment e', {
      stamp: '2026-01-01T00:00:09.000Z',
      slot: 4,
      error: { code: 'Unreadable', message: 'm', remedy: 'r' },
    });
    await world.holds('Enrolment', 'e', 2, parent);
    await heal();
    expect([...world.rows.open.keys()]).toEqual(['Enrolment e']);
  });

  it('wait on where a system fails on the way, and all follow the next time', async () => {
    await children(3);
    const down = new SystemFailure({ code: 'Unreachable', message: 'm', remedy: 'r' });
    world.step = async (call) => {
      if (call.startsWith('write Enrolment')) throw down;
    };
    await expect(heal()).rejects.toBe(down);
    expect(world.rows.get('Subject', '1')?.waiting).toHaveLength(3);
    world.step = async () => undefined;
    await heal();
    expect(world.rows.open.size).toBe(0);
    expect(world.destination.get('Enrolment c2')).toBe('v2');
  });

  it('wait on in a newer version that was held while they were carried', async () => {
    await children(1);
    world.rows.before = async (message) => {
      if (message !== 'synced Subject 1') return;
      world.rows.before = async () => undefined;
      await world.holds('Enrolment', 'c0', 9, parent);
    };
    await heal();
    expect(world.rows.get('Subject', '1')?.waiting).toEqual([{ entityType: 'Enrolment', id: 'c0', version: 'v9' }]);
    await heal();
    expect(world.rows.open.size).toBe(0);
  });

  it('that are gone from a healthy source are taken away; from a sick one nothing is', async () => {
    world.destination.set('Enrolment e', 'v0');
    await world.holds('Enrolment', 'e', 2, parent);
    world.healthy = false;
    await expect(heal()).rejects.toThrow('sick');
    expect(world.destination.get('Enrolment e')).toBe('v0');
    world.healthy = true;
    await heal();
    expect(world.destination.get('Enrolment e')).toBe('removed');
    expect(world.rows.open.size).toBe(0);
  });
});
