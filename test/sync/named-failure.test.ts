import { describe, expect, it } from '@jest/globals';
import { fakeProcess } from '../support/sync/fake-process.js';

describe('a destination that takes nothing', () => {
  it.each([
    ['unavailable', { kind: 'unavailable', retryAfter: 5_000 } as const, { code: 'Unavailable', retryAfter: 5_000 }],
    ['unknown', { kind: 'unknown' } as const, { code: 'TimedOut' }],
  ])('and says so by its outcomes (%s) is named, so that others leave it alone too', async (_kind, outcome, stop) => {
    const p = fakeProcess({ A: {} });
    p.system.put('A', 'a');
    p.destination.write = async (requests) => requests.map(() => outcome);
    expect((await p.sync('A')).stopped).toMatchObject({ ...stop, needs: 'system', system: 'd' });
  });
});
