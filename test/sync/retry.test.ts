import { beforeEach, describe, expect, it } from '@jest/globals';
import { retryRecords } from '../../src/sync/retry.js';
import type { Retried } from '../../src/sync/retry-work.js';
import { RaceWorld, stamp } from '../support/races/world.js';

let world: RaceWorld;

beforeEach(() => {
  world = new RaceWorld();
});

async function retry(entityType: string, ...ids: string[]): Promise<Record<string, Retried>> {
  return Object.fromEntries(await retryRecords(ids, world.of(entityType), world.work, world.context));
}

describe('trying errored records again', () => {
  it('reads each afresh, writes it and closes its row', async () => {
    world.put('Subject', '1', 5);
    await world.fails('Subject', '1', 3);
    expect(await retry('Subject', '1')).toEqual({ '1': 'healed' });
    expect(world.destination.get('Subject 1')).toBe('v5');
    expect(world.rows.ended).toEqual(['Subject 1 synced']);
  });

  it('counts one more attempt where it fails again, and tells nothing of the record', async () => {
    world.put('Subject', '1', 3, { bad: true });
    await world.fails('Subject', '1', 3);
    expect(await retry('Subject', '1')).toEqual({ '1': 'failing' });
    expect(world.rows.get('Subject', '1')?.attempts).toBe(2);
    expect(JSON.stringify([...world.rows.open])).not.toContain('Asha');
  });

  it('heals forty-five that all succeed in one go', async () => {
    const ids = Array.from({ length: 45 }, (_, index) => `s${index}`);
    for (const id of ids) {
      world.put('Subject', id, 3);
      await world.fails('Subject', id, 3);
    }
    const result = await retry('Subject', ...ids);
    expect(Object.values(result)).toEqual(ids.map(() => 'healed'));
    expect(world.rows.open.size).toBe(0);
  });

  it('does not close the row of a newer failure, though an older state was written', async () => {
    world.put('Subject', '1', 1);
    await world.fails('Subject', '1', 1);
    world.rows.before = async (message) => {
      if (message !== 'synced Subject 1') return;
      world.rows.before = async () => undefined;
      await world.fails('Subject', '1', 2);
    };
    await retry('Subject', '1');
    expect(world.rows.get('Subject', '1')).toMatchObject({ state: 'failing', failure: { version: 'v2' } });
  });

  describe('what its source has no more', () => {
    it('is taken away and closed as gone, with the children that waited', async () => {
      world.destination.set('Subject 1', 'v1');
      await world.fails('Subject', '1', 1);
      world.put('Enrolment', 'e', 2, { parent: '1' });
      await world.holds('Enrolment', 'e', 2, { entityType: 'Subject', id: '1' });
      expect(await retry('Subject', '1')).toEqual({ '1': 'gone' });
      expect(world.destination.get('Subject 1')).toBe('removed');
      expect(world.destination.has('Enrolment e')).toBe(false);
      expect(world.rows.ended).toEqual(['Subject 1 gone']);
    });

    it('counts each try to remove it that is refused, and closes once its source has it again', async () => {
      world.destination.set('Subject 1', 'v1');
      await world.fails('Subject', '1', 1);
      world.refuses.add('Subject 1');
      expect(await retry('Subject', '1')).toEqual({ '1': 'failing' });
      expect(await retry('Subject', '1')).toEqual({ '1': 'failing' });
      expect(world.rows.get('Subject', '1')).toMatchObject({ attempts: 3, failure: { version: 'v1', stamp: stamp(1) } });
      world.refuses.clear();
      world.put('Subject', '1', 1);
      expect(await retry('Subject', '1')).toEqual({ '1': 'healed' });
      expect(world.rows.open.size).toBe(0);
    });

    it('is left as it is while the source is sick', async () => {
      world.destination.set('Subject 1', 'v1');
      world.healthy = false;
      await world.fails('Subject', '1', 1);
      await expect(retry('Subject', '1')).rejects.toThrow('sick');
      expect(world.destination.get('Subject 1')).toBe('v1');
      expect(world.rows.get('Subject', '1')).toMatchObject({ state: 'failing', attempts: 1 });
    });
  });

  describe('what its source cannot give', () => {
    const error = { code: 'Unreadable', message: 'm', remedy: 'r', detail: 'Asha Devi' };

    it('fails again under the version its row has, by its id', async () => {
      world.source.set('Subject 1', { stamp: stamp(9), slot: 0, error });
      await world.fails('Subject', '1', 1);
      expect(await retry('Subject', '1')).toEqual({ '1': 'failing' });
      expect(world.rows.get('Subject', '1')).toMatchObject({ attempts: 2, failure: { version: 'v1', error: { code: 'Unreadable' } } });
      expect([...world.rows.open.keys()]).toEqual(['Subject 1']);
    });

    it('is looked for at its place where it has no id, and gone where it stands there no more', async () => {
      const place = `@${stamp(5)}#0`;
      await world.rows.record([
        {
          kind: 'errored',
          entityType: 'Subject',
          id: place,
          version: stamp(5),
          stamp: stamp(5),
          error: world.of('Subject').classify(error),
        },
      ]);
      world.source.set('Subject broken', { stamp: stamp(5), slot: 0, error });
      expect(await retry('Subject', place)).toEqual({ [place]: 'failing' });
      expect(world.rows.get('Subject', place)?.attempts).toBe(2);
      world.source.set('Subject broken', { stamp: stamp(5), slot: 3, error });
      expect(await retry('Subject', place)).toEqual({ [place]: 'gone' });
      expect([...world.rows.open.keys()]).toEqual([`Subject @${stamp(5)}#3`]);
    });

    it('is not mistaken for a record whose id begins with an @', async () => {
      for (const id of ['@asha', '@2026-01-01#1', '@']) {
        world.put('Subject', id, 3);
        await world.fails('Subject', id, 3);
        expect(await retry('Subject', id)).toEqual({ [id]: 'healed' });
      }
    });
  });

  it('holds a record whose parent fails on the parent’s row, which uses up no attempt', async () => {
    world.put('Subject', '1', 1, { bad: true });
    await world.fails('Subject', '1', 1);
    world.put('Enrolment', 'e', 2, { parent: '1' });
    await world.fails('Enrolment', 'e', 2);
    expect(await retry('Enrolment', 'e')).toEqual({ e: 'failing' });
    expect(world.rows.get('Subject', '1')?.waiting).toEqual([{ entityType: 'Enrolment', id: 'e', version: 'v2' }]);
    expect(world.rows.get('Enrolment', 'e')).toMatchObject({
      state: 'failing',
      attempts: 1,
      failure: { error: { errorType: 'ParentFailing', then: 'retry' } },
    });
    world.put('Subject', '1', 3);
    expect(await retry('Subject', '1')).toEqual({ '1': 'healed' });
    expect(world.destination.get('Enrolment e')).toBe('v2');
    expect(world.rows.open.size).toBe(0);
  });
});
