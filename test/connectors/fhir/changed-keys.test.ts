import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import { adoptWorld, FORMS, hospitals, person, told, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

/** Every order of a few. */
function orders<T>(list: T[]): T[][] {
  return list.length < 2
    ? [list]
    : list.flatMap((each, at) => orders(list.filter((_, index) => index !== at)).map((rest) => [each, ...rest]));
}

const keyOf = (id: string): unknown => {
  const resource = world.stored(resourceId('i', 'Person', [], id, 'main'));
  return (resource?.['identifier'] as { value: string }[] | undefined)?.map(({ value }) => value);
};

describe.each(FORMS)('keys that records pass on to each other, on a server %s', (_form, behaviour) => {
  beforeEach(async () => {
    world = await adoptWorld(http, behaviour);
  });

  it.each([
    ['two that swap', { a: 'K-2', b: 'K-1' }],
    ['a ring of three', { a: 'K-2', b: 'K-3', c: 'K-1' }],
    ['a chain whose end is free', { a: 'K-2', b: 'K-3', c: 'K-4' }],
    ['a ring of four', { a: 'K-4', b: 'K-1', c: 'K-2', d: 'K-3' }],
  ])('are followed within one call and over several, in several orders: %s', async (_what, after) => {
    const ids = Object.keys(after);
    const wanted = ids.map((id) => [(after as Record<string, string>)[id]]);
    for (const order of orders(Object.entries(after)).slice(0, 3)) {
      const before = (): Promise<unknown> => world.write(...ids.map((id, index) => person(id, `K-${index + 1}`)));
      await before();
      expect(told(await world.write(...order.map(([id, key]) => person(id, key))))).toEqual(ids.map(() => 'updated'));
      expect(ids.map(keyOf)).toEqual(wanted);
      for (const [id] of order) await world.write(person(id, `K-free-${id}`));
      await before();
      // One by one, as over several pages; what failed is tried again, as its errored record would
      // be.
      let failed = order;
      for (let pass = 0; pass < 3 && failed.length > 0; pass += 1) {
        const outcomes: string[] = [];
        for (const [id, key] of failed) outcomes.push(...told(await world.write(person(id, key))));
        failed = failed.filter((_, index) => outcomes[index] === 'KeyCollision');
      }
      expect(ids.map(keyOf)).toEqual(wanted);
      for (const [id] of order) await world.write(person(id, `K-free-${id}`));
    }
    expect(world.simulator.repository.all('Patient').length).toBe(ids.length);
  });

  it('are followed where resources of others are taken over, and one is not', async () => {
    world.simulator.repository.put(hospitals('theirs', 'K-1'));
    await world.write(person('a', 'K-1'), person('b', 'K-2'));
    expect(told(await world.write(person('a', 'K-2')))).toEqual(['KeyCollision']);
    expect(world.stored('theirs')).toEqual(hospitals('theirs', 'K-1'));
    expect(told(await world.write(person('b', 'K-1')))).toEqual(['updated']);
    expect(told(await world.write(person('a', 'K-2')))).toEqual(['created']);
    expect(world.stored('theirs')).toMatchObject({ name: [{ family: 'Avni b' }] });
    expect(keyOf('a')).toEqual(['K-2']);
    expect(keyOf('b')).toBeUndefined();
  });
});

describe('a key that another record has', () => {
  it('names that record by type and id, also one of another process, and changes nothing of it', async () => {
    world = await adoptWorld(http, {});
    await world.write(person('a', 'K-1'));
    const [outcome] = await world.write(person('b', 'K-1'));
    expect(outcome).toMatchObject({
      error: { code: 'KeyCollision', message: expect.stringMatching(/^Person b has .* of Person a \(Patient\//) as unknown },
    });
    const [stored] = world.simulator.repository.all('Patient');
    const meta = { tag: [{ system: 'urn:sangam:origin', code: 'j/q/Child/x%2Fy' }] };
    if (stored) world.simulator.repository.put({ ...stored, meta });
    const [other] = await world.write(person('b', 'K-1'));
    expect(other).toMatchObject({ error: { message: expect.stringContaining('Child x/y of j/q') as unknown } });
    expect(told(await world.write(person('c', 'K-9'), person('d', 'K-9')))).toEqual(['created', 'KeyCollision']);
  });

  it('leaves what identifies the record otherwise, while its own old key is freed', async () => {
    world = await adoptWorld(http, {});
    const other = {
      identifier: [
        { system: 'urn:avni', value: '7' },
        { system: 'urn:health-id', value: 'K-0' },
      ],
    };
    await world.write(person('a', 'K-1', other), person('b', 'K-2'));
    expect(told(await world.write(person('a', 'K-2', other)))).toEqual(['KeyCollision']);
    expect(keyOf('a')).toEqual(['7', 'K-0']);
    const writes = world.writes();
    expect(told(await world.write(person('a', 'K-2', other)))).toEqual(['KeyCollision']);
    expect(world.writes()).toBe(writes);
    expect(told(await world.write(person('a', 'K-1', other)))).toEqual(['updated']);
    expect(keyOf('a')).toEqual(['7', 'K-0', 'K-1']);
  });
});

it('a key with a bar and no system, which no search can tell from a system and a value, is refused', async () => {
  world = await adoptWorld(http, {});
  const { resources, ...request } = person('a', 'A|B');
  const [resource] = resources;
  if (!resource) throw new Error('no resource');
  const bare = { ...request, resources: [{ ...resource, key: { value: 'A|B' } }] };
  expect(told(await world.write(bare))).toEqual(['KeyInvalid']);
  expect(told(await world.write({ ...request, resources }, { ...bare, resources: [{ ...resource, key: { value: 'AB' } }] }))).toContain(
    'created',
  );
});
