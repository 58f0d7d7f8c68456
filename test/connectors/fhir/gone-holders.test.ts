import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import type { WriteRequest } from '../../../src/connectors/connector.js';
import { adoptWorld, FORMS, hospitals, person, told, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

const own = (id: string): Record<string, unknown> | undefined => world.stored(resourceId('i', 'Person', [], id, 'main'));
const goes = (id: string, action: 'mark' | 'remove' = 'mark'): WriteRequest => person(id, undefined, {}, { action, resources: [] });
const valuesOf = (resource: Record<string, unknown> | undefined): unknown =>
  (resource?.['identifier'] as { value: string }[] | undefined)?.map(({ value }) => value);

describe.each(FORMS)('the key of a record that is gone, on a server %s', (_form, behaviour) => {
  beforeEach(async () => {
    world = await adoptWorld(http, behaviour);
  });

  describe('which had taken a resource over', () => {
    beforeEach(async () => {
      world.simulator.repository.put(hospitals('theirs', 'K-1'));
      await world.write(person('a', 'K-1', { gender: 'male', identifier: [{ system: 'urn:avni', value: '7' }] }));
    });

    it.each(['mark', 'remove'] as const)('is that of the record which brings it: %s', async (action) => {
      await world.write(goes('a', action));
      const now = world.simulator.repository.get('Patient', 'theirs');
      if (now) world.simulator.repository.put({ ...now, telecom: [{ system: 'phone', value: '999' }] });
      expect(await world.write(person('b', 'K-1'))).toMatchObject([{ kind: 'updated', adopted: true, ids: { main: 'theirs' } }]);
      const { meta: _meta, ...theirs } = hospitals('theirs', 'K-1');
      const found = { ...theirs, name: [{ family: 'Avni b' }], telecom: [{ system: 'phone', value: '999' }] };
      expect(world.stored('theirs')).toEqual({ ...found, meta: expect.anything() });
      expect(told(await world.write(person('b', 'K-1')))).toEqual(['unchanged']);
      // What is the other's stays so, whatever becomes of the one that was gone.
      expect(told(await world.write(goes('a')))).toEqual(['absent']);
      const [back] = await world.write(person('a', 'K-1'));
      expect(back).toMatchObject({ error: { code: 'KeyCollision', message: expect.stringContaining('Person b (Patient/theirs)') } });
      expect(world.stored('theirs')).toEqual({ ...found, meta: expect.anything() });
      await world.write(person('b', 'K-2'));
      expect(world.stored('theirs')).toEqual({ ...hospitals('theirs', 'K-1'), telecom: [{ system: 'phone', value: '999' }] });
    });

    it('goes to one of two that bring it', async () => {
      await world.write(goes('a'));
      expect(told(await world.write(person('b', 'K-1'), person('c', 'K-1')))).toEqual(['updated', 'KeyCollision']);
      expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni b' }], active: true });
    });

    it('stays with it where the other one may take nothing over, or the mapping says that it is marked', async () => {
      await world.write(goes('a'));
      expect(told(await world.write(person('b', 'K-1', {}, { adopt: false })))).toEqual(['KeyCollision']);
      expect(told(await world.write(person('a', 'K-1', { active: false })))).toEqual(['updated']);
      expect(told(await world.write(person('b', 'K-1')))).toEqual(['KeyCollision']);
      expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni a' }], active: false });
    });

    it('stays with it where the other one is of another process', async () => {
      await world.write(goes('a'));
      const { origin } = person('b', 'K-1');
      expect(told(await world.write(person('b', 'K-1', {}, { origin: { ...origin, process: 'q' } })))).toEqual(['KeyCollision']);
    });
  });

  it('is away from its own resource, which stays marked', async () => {
    await world.write(person('a', 'K-1', { identifier: [{ system: 'urn:avni', value: '7' }] }));
    await world.write(goes('a'));
    const writes = world.writes();
    expect(told(await world.write(goes('a')))).toEqual(['unchanged']);
    expect(world.writes()).toBe(writes);
    expect(told(await world.write(person('b', 'K-1')))).toEqual(['created']);
    expect([valuesOf(own('a')), valuesOf(own('b'))]).toEqual([['7'], ['K-1']]);
    expect(own('a')).toMatchObject({ active: false });
    expect(told(await world.write(person('b', 'K-1')))).toEqual(['unchanged']);
    expect(told(await world.write(person('a', 'K-1')))).toEqual(['KeyCollision']);
    expect(told(await world.write(person('a', 'K-3')))).toEqual(['updated']);
    expect(own('a')).not.toHaveProperty('active');
    expect(told(await world.write(person('a', 'K-3')))).toEqual(['unchanged']);
  });

  it('is still its own where it comes back first', async () => {
    await world.write(person('a', 'K-1'));
    await world.write(goes('a'));
    expect(told(await world.write(person('a', 'K-1')))).toEqual(['updated']);
    expect(told(await world.write(person('b', 'K-1')))).toEqual(['KeyCollision']);
    expect(told(await world.write(person('a', 'K-1')))).toEqual(['unchanged']);
  });
});
