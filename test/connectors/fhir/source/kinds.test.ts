import { describe, expect, it } from '@jest/globals';
import type { FhirBehaviour } from '../../../../src/simulators/fhir/behaviour.js';
import { randomOf } from '../../../support/random.js';
import { read, readRestarting, T, world } from './source-world.js';

/** Servers as they differ, each way with each other once at least. */
const orders: Partial<FhirBehaviour>[] = [{}, { sorts: false }, { sorts: 'parts' }];
const stamps: Partial<FhirBehaviour>[] = [{}, { stamps: 's' }];
const pagings: [string, Partial<FhirBehaviour>][] = [
  ['links of its type', {}],
  ['links of a path, capped', { nextLinks: 'path', maxCount: 7 }],
  ['links of a query alone, no totals', { nextLinks: 'query', totals: false }],
  ['whole links, no totals, capped', { nextLinks: 'absolute', totals: false, maxCount: 7 }],
  ['opaque links, capped', { nextLinks: 'opaque', maxCount: 7 }],
  ['opaque links, no totals', { nextLinks: 'opaque', totals: false }],
  ['no links', { links: false }],
  ['neither links nor totals', { links: false, totals: false }],
];
/** Records of one stamp. */
const ties = [1, 9, 10, 11, 45];

const kinds = orders.flatMap((order) =>
  stamps.flatMap((stamp) =>
    pagings.map(([name, paging]) => ({
      name: `${JSON.stringify({ ...order, ...stamp })}, ${name}`,
      behaviour: { ...order, ...stamp, ...paging },
    })),
  ),
);

describe.each(kinds)('a server: $name', ({ behaviour }) => {
  it('gives each record once, in order, restarted at every page', async () => {
    const { put, source, simulator } = await world(behaviour);
    const pick = randomOf(7);
    const times = ties.flatMap((tie, index) => Array.from({ length: tie }, () => T + index * 3_000));
    const all = times.map((time, n) => ({ id: `p${String(Math.floor(pick() * 1e6)).padStart(6, '0')}-${n}`, time }));
    for (const { id, time } of [...all].sort(() => pick() - 0.5)) put(id, time);
    const ids = all.map(({ id }) => id).sort();

    const whole = await read(source());
    expect([...whole.ids].sort()).toEqual(ids);
    const timeOf = new Map(all.map(({ id, time }) => [id, time]));
    const order = whole.ids.map((id) => timeOf.get(id) ?? 0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(whole.bookmarks.at(-1)).toEqual({ v: 1, at: new Date(T + 100_000).toISOString() });

    const restarted = await readRestarting(() => source());
    expect([...restarted.ids].sort()).toEqual(ids);
    expect(Math.max(...restarted.bookmarks.map((each) => JSON.stringify(each).length))).toBeLessThan(200);
    expect(simulator.inFlight()).toBe(0);
  });
});
