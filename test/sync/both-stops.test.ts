import { describe, expect, it } from '@jest/globals';
import type { ErrorType } from '../../src/errors/error-type.js';
import { Budget } from '../../src/sync/budget.js';
import { retryRecords } from '../../src/sync/retry.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

const quota: ErrorType = { name: 'QuotaReached', code: 'Refused', keep: [], then: 'stop', remedy: 'Ask for more.' };

describe('a batch that is stopped by many failures and by an error type that says stop', () => {
  it('stops as the error type says: of a batch that is to end, none may say that the others go on', async () => {
    const errors = { stopAfter: { consecutive: 3, share: 0.5, open: 100 } };
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errors, errorTypes: [quota] });
    p.system.put('A', 'a', { bad: 'mapping' });
    for (let n = 0; n < 5; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a' }, bad: 'mapping' });
    p.system.put('B', 'b5', { parents: { A: 'a' } });
    await p.cycle();
    p.system.put('A', 'a').bad = undefined;
    p.destination.refusing.add('B b5');
    const work = { types: p.parts, expectHealthy: async () => undefined, now: () => iso(p.system.time), rows: p.rows.open() };
    const budget = new Budget(work.rows);
    const [parts] = Object.values(p.parts);
    if (!parts) throw new Error('A');
    await retryRecords(['a'], parts, { ...work, budget }, noContext());
    expect(budget.told?.id).toBe('b5');
    expect(budget.stop?.code).toBe('QuotaReached');
  });
});
