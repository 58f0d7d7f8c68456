import { describe, expect, it } from '@jest/globals';
import { Cancelled, SystemFailure } from '../../src/errors/system-failure.js';
import type { ErrorType } from '../../src/errors/error-type.js';
import { balances, emptySheet } from '../../src/model/sheet.js';
import type { Stop } from '../../src/model/stop.js';
import { fakeProcess, lastProgress } from '../support/sync/fake-process.js';
import { iso } from '../support/sync/fake-source.js';

const wrongSetUp: ErrorType = { name: 'WrongSetUp', code: 'MappingFailed', keep: [], then: 'stop', remedy: 'Set it up.' };

/** Records of A, one a millisecond; those of the given numbers cannot be mapped. */
function process(count: number, bad: (n: number) => boolean, more: Parameters<typeof fakeProcess>[1] = {}) {
  const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, more);
  const stamps = Array.from({ length: count }, (_, n) => p.system.put('A', `a${n}`, bad(n) ? { bad: 'mapping' } : {}).modified);
  return { p, before: (n: number) => ({ v: 1, at: iso((stamps[n] ?? 0) - 1) }) };
}
const mend = (p: ReturnType<typeof fakeProcess>, from: number, to: number): void => {
  for (let n = from; n < to; n += 1) {
    const record = p.system.get('A', `a${n}`);
    if (record) record.bad = undefined;
  }
};

describe('too many failures', () => {
  it('in a row stop a type before the first of them on its page; those before that place are recorded, and nothing is passed over', async () => {
    const { p, before } = process(100, (n) => n >= 12 && n < 60);
    const { stopped, bookmark, sheet } = await p.sync('A');
    expect(stopped).toMatchObject({ code: 'TooManyErrors', needs: 'person', record: 'a30' });
    expect(stopped?.message).toContain('MappingFailed (25 of 25)');
    expect([bookmark, balances(sheet)]).toEqual([before(30), true]);
    expect([...p.rows.rows.keys()]).toEqual(Array.from({ length: 18 }, (_, n) => `A a${n + 12}`));
  });

  it('are counted over pages and runs, and begin anew with one that succeeds; held ones count nowhere', async () => {
    const { p } = process(100, (n) => n % 25 !== 24, { errors: { stopAfter: { consecutive: 25, share: 1, open: 5_000 } } });
    for (let n = 0; n < 30; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a0' } });
    const results = await p.cycle();
    expect([results['A']?.stopped, results['B']?.stopped, results['B']?.sheet.held]).toEqual([undefined, undefined, 30]);
    const next = process(40, (n) => n >= 10).p;
    const first = await next.sync('A', { until: iso(next.system.time - 10) });
    expect([first.stopped, first.failing?.consecutive]).toEqual([undefined, 20]);
    const progress = { bookmark: first.bookmark, sheet: first.sheet, findings: {}, ...(first.failing ? { failing: first.failing } : {}) };
    expect((await next.sync('A', { progress })).stopped).toMatchObject({ code: 'TooManyErrors' });
  });

  it('that a definition sets aside on purpose are no failures', async () => {
    const noConsent: ErrorType = { name: 'NoConsent', code: 'MappingFailed', keep: [], then: 'ignore', remedy: 'Nothing.' };
    const { p } = process(100, () => true, { errorTypes: [noConsent] });
    const { stopped, sheet } = await p.sync('A');
    expect([stopped, sheet.errored, p.rows.rows.size]).toEqual([undefined, 100, 100]);
  });

  it('in a row are taken once an operator has accepted them, each with a row of its own', async () => {
    const { p } = process(100, (n) => n >= 12);
    const accepted = { bookmark: null, sheet: emptySheet, findings: {}, failing: { consecutive: 0, recent: '', allowed: 1_000 } };
    const { stopped, done, sheet } = await p.sync('A', { progress: accepted });
    expect([stopped, done, sheet.errored, p.rows.rows.size]).toEqual([undefined, true, 88, 88]);
  });

  it('among the last 200 stop it by their share', async () => {
    const few = process(400, (n) => n % 2 === 0).p;
    expect((await few.sync('A')).stopped).toBeUndefined();
    const { p } = process(400, (n) => n % 3 !== 0);
    const { stopped, bookmark } = await p.sync('A');
    expect(stopped).toMatchObject({ code: 'TooManyErrors' });
    const done = p.system.of('A').filter(({ modified }) => iso(modified) <= (bookmark?.at ?? ''));
    expect(done.filter(({ bad }) => bad).map(({ id }) => `A ${id}`)).toEqual([...p.rows.rows.keys()]);
  });

  it('in a row are recorded as far as an operator allowed them, and stop it right behind', async () => {
    const { p } = process(30, () => true, { errors: { stopAfter: { consecutive: 5, share: 1, open: 5_000 } } });
    const progress = { bookmark: null, sheet: emptySheet, findings: {}, failing: { consecutive: 0, recent: '', allowed: 3 } };
    const { stopped, failing } = await p.sync('A', { progress, limit: 30 });
    expect(stopped?.record).toBe('a3');
    expect([p.rows.rows.size, failing?.allowed]).toEqual([3, undefined]);
  });

  it('open in the process stop it before the next one that fails, of whatever type', async () => {
    const { p, before } = process(60, (n) => n < 12 && n % 3 === 0, { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 4 } } });
    expect((await p.sync('A')).stopped).toBeUndefined();
    p.system.put('A', 'a60', { bad: 'mapping' });
    const { stopped, bookmark } = await p.sync('A');
    expect(stopped).toMatchObject({ code: 'TooManyErrors' });
    expect(stopped?.message).toContain('It stopped before A a60, since more than 4');
    // No record tries that: it goes on once fewer are open.
    expect(stopped?.record).toBeUndefined();
    expect([bookmark, p.rows.rows.size]).toEqual([{ v: 1, at: iso(p.system.time - 1) }, 4]);
    expect(before(0).at < (bookmark?.at ?? '')).toBe(true);
  });

  it('open in the process may be as many as an operator accepted', async () => {
    const { p } = process(40, (n) => n % 3 === 0, { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 2 } } });
    const first = await p.sync('A');
    expect([first.stopped?.open, p.rows.rows.size]).toEqual([4, 2]);
    const { stopped } = await p.sync('A', { openUpTo: 6 });
    expect(stopped?.message).toContain('more than 6 errored records would be open, after 6');
    expect([stopped?.open, p.rows.rows.size]).toEqual([9, 6]);
    expect([(await p.sync('A', { openUpTo: 20 })).done, p.rows.rows.size]).toEqual([true, 14]);
  });

  it('are named by the commonest error type of all that are counted, not of the page in hand alone', async () => {
    const errorTypes: ErrorType[] = [{ name: 'NotReadable', code: 'Unreadable', keep: [], then: 'retry', remedy: 'Read it.' }];
    const p = fakeProcess({ A: {} }, { errorTypes });
    for (let n = 0; n < 30; n += 1) p.system.put('A', `a${n}`, { bad: n < 20 ? 'unreadable' : 'mapping' });
    const { stopped } = await p.sync('A');
    expect(stopped?.message).toContain('before A a20, since so many records of A fail: most of these with NotReadable (20 of 25).');
    expect(stopped?.remedy).toMatch(/^Read it\./);
  });

  it('are named by the commonest error type of the open rows where these are too many', async () => {
    const p = fakeProcess({ A: {}, B: {} }, { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 4 } } });
    for (let n = 0; n < 4; n += 1) p.system.put('B', `b${n}`, { bad: 'unreadable' });
    expect((await p.sync('B')).stopped).toBeUndefined();
    p.system.put('A', 'a', { bad: 'mapping' });
    const [parts] = Object.values(p.parts);
    if (parts) parts.remedyOf = (errorType) => (errorType === 'Unreadable' ? 'Read it.' : undefined);
    const { stopped } = await p.sync('A');
    expect(stopped?.message).toContain('would be open, after 4: most of these with Unreadable (4 of 5).');
    expect(stopped?.remedy).toMatch(/^Read it\./);
  });

  it('open in the process are neither those that are ignored, nor those on which children merely wait', async () => {
    const noConsent: ErrorType = { name: 'NoConsent', code: 'MappingFailed', keep: [], then: 'ignore', remedy: 'Nothing.' };
    const errors = { stopAfter: { consecutive: 25, share: 0.5, open: 2 } };
    const aside = process(20, (n) => n < 8, { errorTypes: [noConsent], errors }).p;
    expect([(await aside.sync('A')).stopped, aside.rows.rows.size]).toEqual([undefined, 8]);

    const { p } = process(20, (n) => n % 5 === 0 && n < 10, { errors });
    expect((await p.sync('A')).stopped).toBeUndefined();
    const row = p.rows.rows.get('A a0');
    for (const state of ['ignored', 'releasing'] as const) {
      for (let n = 0; n < 5; n += 1) p.rows.rows.set(`A ${state}${n}`, { state, waiting: new Map() });
      if (row) row.state = state;
      p.system.put('A', `new ${state}`, { bad: 'mapping' });
      expect((await p.sync('A')).stopped).toBeUndefined();
      p.rows.rows.delete(`A new ${state}`);
    }
    if (row) row.state = 'failing';
    p.system.put('A', 'one more', { bad: 'mapping' });
    expect((await p.sync('A')).stopped?.message).toContain('since more than 2 errored records would be open, after 2');
  });

  it('open in the process are as many as before where one of them fails in a newer state', async () => {
    const { p } = process(20, (n) => n === 3, { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 1 } } });
    expect((await p.sync('A')).stopped).toBeUndefined();
    p.system.put('A', 'a3', { bad: 'mapping' });
    expect([(await p.sync('A')).stopped, p.rows.rows.size]).toEqual([undefined, 1]);
  });

  it('of parents that are brought over never move a type past records it has not read', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errors: { stopAfter: { consecutive: 25, share: 0.5, open: 0 } } });
    for (let n = 0; n < 30; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a1' } });
    const until = iso(p.system.time);
    p.system.put('A', 'a1', { bad: 'mapping' });
    const { stopped, bookmark } = await p.sync('B', { until });
    expect(stopped?.message).toContain('It stopped before B b0');
    expect(bookmark?.at).toBe(iso((p.system.get('B', 'b0')?.modified ?? 0) - 1));
    expect([...p.rows.rows.keys()]).toEqual(['A a1']);
  });
});

describe('an error type that says stop', () => {
  it('stops before its record, which is not recorded', async () => {
    const { p, before } = process(20, (n) => n === 14, { errorTypes: [wrongSetUp] });
    const { stopped, bookmark } = await p.sync('A');
    expect(stopped).toMatchObject({ code: 'WrongSetUp', remedy: 'Set it up.', needs: 'person', record: 'a14' });
    expect([bookmark, p.rows.rows.size]).toEqual([before(14), 0]);
    mend(p, 14, 15);
    expect([(await p.sync('A')).done, p.destination.stored.size]).toEqual([true, 20]);
  });
});

describe('a trial', () => {
  async function stopped() {
    const { p } = process(40, (n) => n >= 10);
    const result = await p.sync('A');
    return { p, trial: result.stopped as Stop, result };
  }

  it('that fails leaves the type where it stopped, with nothing else tried', async () => {
    const { p, trial, result } = await stopped();
    const again = await p.sync('A', { trial });
    expect([again.stopped, again.bookmark, again.sheet.read]).toEqual([trial, result.bookmark, 0]);
  });

  it('that succeeds lets it go on', async () => {
    const { p, trial } = await stopped();
    mend(p, 10, 40);
    expect([(await p.sync('A', { trial })).done, p.destination.stored.size + p.rows.rows.size]).toEqual([true, 40]);
  });

  it('keeps what came of others on the way', async () => {
    const { p, trial } = await stopped();
    mend(p, 10, 40);
    p.system.put('B', 'late', { parents: { A: trial.record ?? '' }, bad: 'mapping' });
    const passed = { A: null, B: iso(p.system.time) };
    await p.sync('A', { trial, passed });
    expect(p.rows.rows.has('B late')).toBe(true);
  });
});

describe('a run that ends early', () => {
  it.each([
    [
      'a system that fails',
      new SystemFailure({ code: 'RateLimited', message: 'Slowly.', remedy: 'Wait.', retryAfter: 5 }),
      { stopped: { code: 'RateLimited', retryAfter: 5 } },
    ],
    ['a pause', new Cancelled('Paused'), { cancelled: true }],
  ])('by %s keeps whole pages, balanced', async (_what, error, ending) => {
    let writes = 0;
    const p = fakeProcess(
      { A: {} },
      {
        at: async (point) => {
          if (point === 'write' && (writes += 1) === 3) throw error;
        },
      },
    );
    for (let n = 0; n < 50; n += 1) p.system.put('A', `a${n}`);
    const kept = lastProgress();
    const result = await p.sync('A', kept);
    expect(result).toMatchObject({ done: false, sheet: { read: 20, created: 20 }, ...ending });
    expect([balances(result.sheet), kept.progress?.bookmark]).toEqual([true, result.bookmark]);
  });

  it('because a destination breaks its promise says so, and moves nothing', async () => {
    const p = fakeProcess({ A: {} });
    p.system.put('A', 'a1');
    p.destination.write = async () => [];
    expect(await p.sync('A')).toMatchObject({ bookmark: null, sheet: { read: 0 }, stopped: { code: 'Unbalanced', needs: 'person' } });
  });
});

describe('a page', () => {
  it('with records of one stamp, one of which cannot be read, balances', async () => {
    const p = fakeProcess({ A: {} });
    const { modified } = p.system.put('A', 'a0');
    for (let n = 1; n < 30; n += 1) p.system.put('A', `a${n}`, { modified, ...(n === 7 ? { bad: 'unreadable' as const } : {}) });
    const { sheet } = await p.sync('A', { limit: 4 });
    expect([sheet, balances(sheet)]).toEqual([expect.objectContaining({ read: 30, created: 29, errored: 1 }), true]);
  });
});
