import { describe, expect, it } from '@jest/globals';
import type { WriteOutcome } from '../../../../src/connectors/connector.js';
import { destinationWorld, everything, PERSON, type Typed } from './world.js';

const COUNT = 600;
const PAGE = 200;

const group = (n: number, name = 'Help'): Record<string, unknown> => ({
  'First name': `${name} ${n}`,
  'Registration date': '2025-01-01',
  observations: { 'Number of members': n },
});

/** Writes them page after page, as a pass does. */
async function pass({ put }: Typed, name?: (n: number) => string): Promise<WriteOutcome['kind'][]> {
  const kinds: WriteOutcome['kind'][] = [];
  for (let from = 0; from < COUNT; from += PAGE) {
    const records = Array.from({ length: PAGE }, (_, n) => ({ id: `${from + n}`, body: group(from + n, name?.(from + n)) }));
    kinds.push(...(await put(...records)).map(({ kind }) => kind));
  }
  return kinds;
}

const counted = (kinds: string[]): Record<string, number> =>
  Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length]));

describe('many records that have not changed', () => {
  it('are compared by their list, not by a request for each, and no stamp moves', async () => {
    const { to, organisation, simulator } = await destinationWorld();
    expect(counted(await pass(to({ subject: 'Group' })))).toEqual({ created: COUNT });
    const before = everything(organisation);
    simulator.requests.length = 0;
    // As after a start of the worker: nothing is known.
    const again = to({ subject: 'Group' });
    expect(counted(await pass(again))).toEqual({ unchanged: COUNT });
    expect(simulator.requests.length).toBeLessThan(COUNT / 3);
    expect(everything(organisation)).toEqual(before);
    simulator.requests.length = 0;
    expect(counted(await pass(again))).toEqual({ unchanged: COUNT });
    expect(simulator.requests.length).toBeLessThan(20);
    const change = (n: number): string => (n % 10 === 0 ? 'New' : 'Help');
    expect(counted(await pass(again, change))).toEqual({ updated: COUNT / 10, unchanged: (COUNT / 10) * 9 });
    expect(counted(await pass(again, change))).toEqual({ unchanged: COUNT });
  });

  it('are seen as somebody else left them meanwhile', async () => {
    const { to, organisation } = await destinationWorld();
    const typed = to({ subject: 'Group' });
    await pass(typed);
    expect(counted(await pass(typed))).toEqual({ unchanged: COUNT });
    const [one, two] = organisation.all();
    organisation.change(one?.id ?? '', { body: { observations: { 'First name': 'Other' } }, by: 'worker@demo' });
    organisation.change(two?.id ?? '', { voided: true, by: 'worker@demo' });
    expect(counted(await pass(typed))).toEqual({ updated: 2, unchanged: COUNT - 2 });
    expect(organisation.get(two?.id ?? '')?.voided).toBe(false);
  });

  it('are seen so where others were stamped ahead of them', async () => {
    const { to, organisation } = await destinationWorld();
    const typed = to({ subject: 'Group' });
    await pass(typed);
    expect(counted(await pass(typed))).toEqual({ unchanged: COUNT });
    const [ahead, far, now] = organisation.all();
    const by = { body: { observations: { 'First name': 'Other' } }, by: 'worker@demo' };
    organisation.change(ahead?.id ?? '', by, organisation.now() + 4_000);
    organisation.change(far?.id ?? '', by, organisation.now() + 86_400_000);
    expect(counted(await pass(typed))).toEqual({ updated: 2, unchanged: COUNT - 2 });
    organisation.change(ahead?.id ?? '', {}, organisation.now() + 4_000);
    organisation.change(far?.id ?? '', {}, organisation.now() + 86_400_000);
    expect(counted(await pass(typed))).toEqual({ unchanged: COUNT });
    organisation.change(now?.id ?? '', by);
    expect(counted(await pass(typed))).toEqual({ updated: 1, unchanged: COUNT - 1 });
  });

  it('are asked for one by one where their list fails', async () => {
    const { to, simulator } = await destinationWorld();
    const typed = to({ subject: 'Group' });
    await pass(typed);
    simulator.faults.push({ method: 'GET', path: '/api/subjects', do: { respond: { status: 500, body: 'x' } } });
    expect(counted(await pass(to({ subject: 'Group' })))).toEqual({ unchanged: COUNT });
  });

  it('though few at a time are never listed', async () => {
    const { to, simulator } = await destinationWorld();
    const typed = to({ subject: 'Beneficiary' });
    for (let n = 0; n < 5; n += 1) await typed.one(`${n}`, PERSON);
    expect(simulator.requests.filter((each) => each === 'GET /api/subjects').length).toBeLessThanOrEqual(5);
  });
});
