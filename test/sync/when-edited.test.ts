import { expect, it } from '@jest/globals';
import { fakeProcess } from '../support/sync/fake-process.js';

it('is counted of what was updated where others changed it, and is an error of its record where that is to be held', async () => {
  const p = fakeProcess({ A: {}, B: { whenEdited: 'hold' } });
  for (const type of ['A', 'B']) for (const n of [1, 2, 3]) p.system.put(type, `${n}`);
  await p.cycle();
  for (const key of ['A 1', 'A 3', 'B 2']) p.destination.edited.add(key);
  for (const type of ['A', 'B']) for (const n of [1, 2]) p.system.put(type, `${n}`);
  const { A, B } = await p.cycle();
  expect(A?.sheet).toMatchObject({ read: 2, updated: 2, edited: 1 });
  expect(B?.sheet).toMatchObject({ read: 2, updated: 1, errored: 1, edited: 0 });
  expect([...p.rows.rows.values()].map(({ failure }) => failure?.error.code)).toEqual(['EditedElsewhere']);
});
