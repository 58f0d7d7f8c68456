import { describe, expect, it } from '@jest/globals';
import type { ErrorType } from '../../src/errors/error-type.js';
import type { Failing } from '../../src/model/failing.js';
import type { SyncResult } from '../../src/model/progress.js';
import { emptySheet } from '../../src/model/sheet.js';
import { fakeProcess, type FakeProcess } from '../support/sync/fake-process.js';

const wrongSetUp: ErrorType = { name: 'WrongSetUp', code: 'MappingFailed', keep: [], then: 'stop', remedy: 'Set it up.' };

/** One cycle of A, which goes on as the one before left it. */
async function cycle(p: FakeProcess, failing: Failing | undefined): Promise<SyncResult> {
  const progress = { bookmark: p.bookmarks['A'] ?? null, sheet: emptySheet, findings: {}, ...(failing ? { failing } : {}) };
  return p.sync('A', { progress });
}

describe('a type that stops at the same place again and again', () => {
  it.each<[string, Parameters<typeof fakeProcess>[1], number]>([
    ['by an error type', { errorTypes: [wrongSetUp] }, 7],
    ['by the cap on open rows', { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 0 } } }, 7],
    ['by failures in a row', { errors: { stopAfter: { consecutive: 1, share: 0.5, open: 5_000 } } }, 7],
  ])('%s counts what lies before that place once, and nothing else', async (_what, more, bad) => {
    const p = fakeProcess({ A: {} }, more);
    for (let n = 0; n < 10; n += 1) p.system.put('A', `a${n}`, { concepts: ['Height'], ...(n === bad ? { bad: 'mapping' } : {}) });
    const first = await cycle(p, undefined);
    expect(first).toMatchObject({ sheet: { read: 7, created: 7, errored: 0 }, failing: { consecutive: 0, recent: '.......' } });
    expect(first.findings).toEqual({ Height: { count: 7, first: 'a0' } });
    let { failing } = first;
    for (let cycles = 0; cycles < 30; cycles += 1) {
      const again = await cycle(p, failing);
      expect([again.stopped, again.sheet, again.findings, again.failing]).toEqual([first.stopped, emptySheet, {}, first.failing]);
      failing = again.failing;
    }
  });

  it('inside a group of one stamp counts nothing of the page it stops in', async () => {
    const p = fakeProcess({ A: {} }, { errorTypes: [wrongSetUp] });
    const { modified } = p.system.put('A', 'a0');
    for (let n = 1; n < 30; n += 1) p.system.put('A', `a${n}`, { modified, ...(n === 3 ? { bad: 'mapping' } : {}) });
    const first = await cycle(p, undefined);
    expect(first.stopped?.record).toBe('a3');
    const again = await cycle(p, first.failing);
    expect([again.sheet, again.failing]).toEqual([emptySheet, first.failing]);
  });

  it('goes on, once a definition makes of the stop an errored record, without a false alarm', async () => {
    const p = fakeProcess({ A: {} }, { errorTypes: [wrongSetUp] });
    for (let n = 0; n < 5; n += 1) p.system.put('A', `a${n}`, n === 4 ? { bad: 'mapping' } : {});
    let failing: Failing | undefined;
    for (let cycles = 0; cycles < 30; cycles += 1) failing = (await cycle(p, failing)).failing;
    const changed = fakeProcess({ A: {} });
    for (let n = 0; n < 5; n += 1) changed.system.put('A', `a${n}`, n === 4 ? { bad: 'mapping' } : {});
    changed.bookmarks['A'] = p.bookmarks['A'] ?? null;
    expect(await cycle(changed, failing)).toMatchObject({ done: true, sheet: { read: 1, errored: 1 } });
  });

  it('is told by its error type though many fail behind that record, and by too many where these come first', async () => {
    const stopAt = (bad: number): FakeProcess => {
      const p = fakeProcess({ A: {} }, { errorTypes: [{ ...wrongSetUp, code: 'Unreadable' }] });
      for (let n = 0; n < 60; n += 1) p.system.put('A', `a${n}`, { bad: n === bad ? 'unreadable' : 'mapping' });
      return p;
    };
    expect((await stopAt(3).sync('A', { limit: 100 })).stopped?.code).toBe('WrongSetUp');
    expect((await stopAt(40).sync('A', { limit: 100 })).stopped?.code).toBe('TooManyErrors');
  });
});
