import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { adoptWorld, FORMS, hospitals, person, told, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

const derived = (id: string): string => resourceId('i', 'Person', [], id, 'main');
const put = (key: string, id = 'theirs'): void => void world.simulator.repository.put(hospitals(id, key));
const sangam = (id: string): string[] =>
  (((world.stored(id)?.['meta'] as { tag?: { system: string }[] } | undefined)?.tag ?? []) as { system: string }[])
    .map(({ system }) => system)
    .filter((system) => system.startsWith('urn:sangam'));

describe.each(FORMS)('taking over, on a server %s', (_form, behaviour) => {
  describe.each([
    ['in bundles', 100],
    ['one by one', 1],
  ])('%s', (_how, bundle) => {
    beforeEach(async () => {
      world = await adoptWorld(http, behaviour, { bundle });
      put('K-1');
    });

    it('keeps all that the mapping does not give, and is told apart', async () => {
      const mapped = { gender: 'female', identifier: [{ system: 'urn:avni', value: '7' }] };
      expect(await world.write(person('a', 'K-1', mapped))).toMatchObject([{ kind: 'updated', adopted: true, ids: { main: 'theirs' } }]);
      const theirs = hospitals('theirs', 'K-1');
      const { meta, identifier, ...rest } = world.stored('theirs') ?? {};
      const { meta: before, identifier: known, ...others } = theirs;
      expect(rest).toEqual({ ...others, name: [{ family: 'Avni a' }], gender: 'female' });
      expect(identifier).toEqual([...(known as object[]), { system: 'urn:avni', value: '7' }]);
      expect(meta).toMatchObject({
        profile: (before as { profile: string[] }).profile,
        security: (before as { security: object[] }).security,
      });
      expect((meta as { tag: object[] }).tag).toContainEqual({ system: 'urn:hospital', code: 'ward-3' });
      const writes = world.writes();
      expect(await world.write(person('a', 'K-1', mapped))).toMatchObject([{ kind: 'unchanged' }]);
      expect(world.writes()).toBe(writes);
    });

    it('keeps what it contains, and what stands beside a value that the mapping gives', async () => {
      const beside = { birthDate: '1994-03-02', _birthDate: { extension: [{ url: 'http://hospital/birth-time', valueTime: '03:30:00' }] } };
      const contained = [{ resourceType: 'Organization', id: 'org', name: 'Ward 3' }];
      const theirs = { ...hospitals('theirs', 'K-1'), ...beside, contained, managingOrganization: { reference: '#org' } };
      world.simulator.repository.put(theirs);
      const ours = { resourceType: 'Practitioner', id: 'ours', name: [{ family: 'Iyer' }] };
      const mapped = { birthDate: '1994-03-02', contained: [ours], generalPractitioner: [{ reference: '#ours' }] };
      expect(told(await world.write(person('a', 'K-1', mapped)))).toEqual(['updated']);
      expect(world.stored('theirs')).toMatchObject({
        ...beside,
        contained: [...contained, ours],
        managingOrganization: { reference: '#org' },
      });
      expect(told(await world.write(person('a', 'K-1', mapped)))).toEqual(['unchanged']);
      const taken = { ...mapped, contained: [{ ...ours, id: 'org' }], generalPractitioner: [{ reference: '#org' }] };
      expect(told(await world.write(person('a', 'K-1', taken)))).toEqual(['InvalidResource']);
      expect(told(await world.write(person('a', 'K-99')))).toEqual(['updated']);
      expect(world.stored('theirs')).toEqual(theirs);
    });

    it('keeps what its owner changes meanwhile of elements that the mapping does not give', async () => {
      await world.write(person('a', 'K-1'));
      const now = world.simulator.repository.get('Patient', 'theirs');
      if (now) world.simulator.repository.put({ ...now, telecom: [{ system: 'phone', value: '999' }] });
      expect(told(await world.write(person('a', 'K-1')))).toEqual(['unchanged']);
      expect(told(await world.write(person('a', 'K-1', { gender: 'male' })))).toEqual(['updated']);
      expect(world.stored('theirs')).toMatchObject({ telecom: [{ value: '999' }], gender: 'male', active: true });
    });

    it('takes away what it gave and gives no more, and puts back what stood there', async () => {
      const mapped = (health: string, more: object): object => ({ identifier: [{ system: 'urn:avni', value: health }], ...more });
      await world.write(person('a', 'K-1', mapped('1', { deceasedDateTime: '2026-01-01', telecom: [{ system: 'email', value: 'e' }] })));
      expect(world.stored('theirs')).not.toHaveProperty('deceasedBoolean');
      expect(told(await world.write(person('a', 'K-1', mapped('2', {}))))).toEqual(['updated']);
      const { identifier, ...rest } = world.stored('theirs') ?? {};
      expect((identifier as { value: string }[]).map(({ value }) => value)).toEqual(['MRN-theirs', 'K-1', '2']);
      expect(rest).toMatchObject({ deceasedBoolean: false, telecom: [{ value: '0123' }] });
      expect(rest).not.toHaveProperty('deceasedDateTime');
      const writes = world.writes();
      expect(told(await world.write(person('a', 'K-1', mapped('2', {}))))).toEqual(['unchanged']);
      expect(world.writes()).toBe(writes);
    });

    it('marks instead of removing, and takes the mark back when the record is valid again', async () => {
      await world.write(person('a', 'K-1'));
      expect(told(await world.write(person('a', undefined, {}, { action: 'remove', resources: [] })))).toEqual(['removed']);
      expect(world.stored('theirs')).toMatchObject({ active: false, telecom: [{ value: '0123' }] });
      expect(await world.write(person('a', 'K-1'))).toMatchObject([{ kind: 'updated', revived: true }]);
      expect(world.stored('theirs')).toMatchObject({ active: true });
      expect(told(await world.write(person('a', 'K-1')))).toEqual(['unchanged']);
    });

    it('is let go whole where the key is corrected, and then its true owner takes it over', async () => {
      await world.write(person('a', 'K-1', { gender: 'female', active: false, identifier: [{ system: 'urn:avni', value: '7' }] }));
      const now = world.simulator.repository.get('Patient', 'theirs');
      if (now) world.simulator.repository.put({ ...now, telecom: [{ system: 'phone', value: '999' }] });
      expect(told(await world.write(person('b', 'K-1')))).toEqual(['KeyCollision']);
      expect(await world.write(person('a', 'K-99'))).toMatchObject([{ kind: 'updated', ids: { main: derived('a') }, revived: true }]);
      expect(world.stored('theirs')).toEqual({ ...hospitals('theirs', 'K-1'), telecom: [{ system: 'phone', value: '999' }] });
      expect(told(await world.write(person('a', 'K-99')))).toEqual(['unchanged']);
      expect(await world.write(person('b', 'K-1'))).toMatchObject([{ kind: 'updated', adopted: true, ids: { main: 'theirs' } }]);
      expect(await world.write(person('b', 'K-98'))).toMatchObject([{ kind: 'updated' }]);
      expect(world.stored('theirs')).toEqual({ ...hospitals('theirs', 'K-1'), telecom: [{ system: 'phone', value: '999' }] });
    });

    it('is let go and taken over in one call, in either order', async () => {
      await world.write(person('a', 'K-1'));
      expect(told(await world.write(person('b', 'K-1'), person('a', 'K-99')))).toEqual(['updated', 'updated']);
      expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni b' }] });
      expect(told(await world.write(person('b', 'K-98'), person('a', 'K-1')))).toEqual(['updated', 'updated']);
      expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni a' }] });
      expect(world.simulator.repository.all('Patient').filter(({ active }) => active !== false).length).toBe(2);
    });

    it('of several resources that change hands in a ring ends with each at its owner', async () => {
      for (const n of ['2', '3']) put(`K-${n}`, `theirs${n}`);
      await world.write(person('a', 'K-1'), person('b', 'K-2'), person('c', 'K-3'));
      const outcomes = await world.write(person('a', 'K-2'), person('b', 'K-3'), person('c', 'K-1'));
      expect(told(outcomes)).toEqual(['updated', 'updated', 'updated']);
      const names = ['theirs', 'theirs2', 'theirs3'].map((id) => world.stored(id)?.['name']);
      expect(names).toEqual(['c', 'a', 'b'].map((id) => [{ family: `Avni ${id}` }]));
      expect(world.simulator.repository.all('Patient').length).toBe(3);
    });
  });
});

describe('without a history', () => {
  beforeEach(async () => {
    world = await adoptWorld(http, { history: false });
    put('K-1');
  });

  it('leaves what is given no more as it stands, as its own, and takes a mark away', async () => {
    await world.write(person('a', 'K-1', { telecom: [{ system: 'email', value: 'e' }] }));
    expect(told(await world.write(person('a', 'K-1', { gender: 'male' })))).toEqual(['updated']);
    expect(world.stored('theirs')).toMatchObject({ gender: 'male', telecom: [{ value: 'e' }] });
    expect(told(await world.write(person('a', 'K-1', { gender: 'male' })))).toEqual(['unchanged']);
    await world.write(person('a', undefined, {}, { action: 'remove', resources: [] }));
    expect(await world.write(person('a', 'K-1'))).toMatchObject([{ kind: 'updated', revived: true }]);
    expect(world.stored('theirs')).toMatchObject({ gender: 'male', telecom: [{ value: 'e' }] });
    expect(world.stored('theirs')).not.toHaveProperty('active');
    expect(told(await world.write(person('a', 'K-99')))).toEqual(['CannotLetGo']);
  });

  it('a record whose key a record has that is gone is told so, and how to go on', async () => {
    await world.write(person('a', 'K-1'));
    await world.write(person('a', undefined, {}, { action: 'remove', resources: [] }));
    const message = expect.stringContaining('Person a (Patient/theirs), which is marked as no longer valid');
    expect(await world.write(person('b', 'K-1'))).toMatchObject([{ error: { code: 'KeyCollision', message } }]);
    put('K-1');
    expect(await world.write(person('b', 'K-1'))).toMatchObject([{ kind: 'updated', adopted: true }]);
  });
});

describe('letting go', () => {
  it.each(['the definition', 'the record'])('is what happens where the key is taken from %s: nothing of others is marked', async (from) => {
    world = await adoptWorld(http, {});
    put('K-1');
    await world.write(person('a', 'K-1', { gender: 'male' }));
    const { destination, withoutKey } = world;
    const c = { signal: new AbortController().signal, http, log: silent };
    const write = async (): Promise<string[]> =>
      told(await (from === 'the record' ? destination : withoutKey).write([person('a', undefined)], c));
    expect(await write()).toEqual(['updated']);
    expect(world.stored('theirs')).toEqual(hospitals('theirs', 'K-1'));
    expect(world.stored(derived('a'))).toMatchObject({ name: [{ family: 'Avni a' }] });
    expect(await write()).toEqual(['unchanged']);
    expect(told(await world.write(person('b', 'K-1')))).toEqual(['updated']);
  });

  it('is an error of the record where the server keeps no history, and goes on once a person took the tags away', async () => {
    world = await adoptWorld(http, { history: false });
    put('K-1');
    await world.write(person('a', 'K-1'));
    const [outcome] = await world.write(person('a', 'K-99'));
    expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'CannotLetGo' } });
    expect(sangam('theirs')).not.toEqual([]);
    put('K-1');
    expect(told(await world.write(person('a', 'K-99')))).toEqual(['created']);
    expect(world.stored('theirs')).toEqual(hospitals('theirs', 'K-1'));
  });

  it('is an error of the record where the server keeps tags for ever', async () => {
    world = await adoptWorld(http, { mergesMeta: true, metaDelete: false });
    put('K-1');
    await world.write(person('a', 'K-1'));
    expect(told(await world.write(person('a', 'K-99')))).toEqual(['CannotLetGo']);
    expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Rao' }] });
    world.simulator.behaviour.metaDelete = true;
    expect(told(await world.write(person('a', 'K-99')))).toEqual(['updated']);
    expect(sangam('theirs')).toEqual([]);
  });
});

describe('a resource that its owner changes between look and write', () => {
  it('is looked at again, and nothing of the change is lost', async () => {
    world = await adoptWorld(http, {});
    put('K-1');
    await world.write(person('a', 'K-1'));
    const now = world.simulator.repository.get('Patient', 'theirs');
    const request = person('a', 'K-1', { gender: 'male' });
    const ahead = world.destination.lookAhead?.([request.origin], { signal: new AbortController().signal, http, log: silent });
    await ahead?.ended;
    if (now) world.simulator.repository.put({ ...now, telecom: [{ system: 'phone', value: '999' }] });
    const outcomes = await world.destination.write(
      [request],
      { signal: new AbortController().signal, http, log: silent },
      undefined,
      ahead,
    );
    expect(told(outcomes)).toEqual(['updated']);
    expect(world.stored('theirs')).toMatchObject({ telecom: [{ value: '999' }], gender: 'male' });
  });
});
