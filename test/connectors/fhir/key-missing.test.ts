import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { adoptWorld, FORMS, hospitals, person, told, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

const own = resourceId('i', 'Person', [], 'a', 'main');
const patients = () => world.simulator.repository.all('Patient');
const keys = () => patients().flatMap(({ identifier }) => ((identifier ?? []) as { value: string }[]).map(({ value }) => value));

describe.each([...FORMS.map(([form, behaviour]) => [form, behaviour, {}] as const), ['that chooses ids', {}, { ids: 'server' }] as const])(
  'a record without a value for its key, on a server %s',
  (_form, behaviour, system) => {
    beforeEach(async () => {
      world = await adoptWorld(http, behaviour, system);
    });

    it('is written, takes its key later, loses it and gets another, and is never there twice', async () => {
      expect(told(await world.write(person('a', undefined), person('b', undefined)))).toEqual(['created', 'created']);
      expect(told(await world.write(person('a', undefined)))).toEqual(['unchanged']);
      for (const key of ['K-1', undefined, 'K-2', 'K-1']) {
        expect(told(await world.write(person('a', key)))).toEqual(['updated']);
        expect(told(await world.write(person('a', key)))).toEqual(['unchanged']);
        expect(keys()).toEqual(key === undefined ? [] : [key]);
        expect(patients()).toHaveLength(2);
      }
      expect(told(await world.write(person('b', 'K-1')))).toEqual(['KeyCollision']);
      expect(patients()).toHaveLength(2);
    });

    it('takes over what has its key once it gets it, and leaves nothing valid of its own beside it', async () => {
      world.simulator.repository.put(hospitals('theirs', 'K-1'));
      await world.write(person('a', undefined));
      expect(told(await world.write(person('a', 'K-1', {}, { adopt: false })))).toEqual(['NotAdopted']);
      expect(patients()).toHaveLength(2);
      expect(told(await world.write(person('a', 'K-1')))).toEqual(['updated']);
      const valid = patients().filter(({ active }) => active !== false);
      expect(valid.map(({ id }) => id)).toEqual(['theirs']);
      expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni a' }] });
      expect(told(await world.write(person('a', 'K-1')))).toEqual(['unchanged']);
      const found = await world.destination.find([{ origin: { entityType: 'Person', id: 'a' } }], {
        signal: new AbortController().signal,
        http,
        log: silent,
      });
      expect(found).toEqual([[expect.objectContaining({ id: 'theirs' })]]);
      if (!('ids' in system)) expect(world.stored(own)).toMatchObject({ active: false });
    });
  },
);
