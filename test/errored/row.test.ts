import { describe, expect, it } from '@jest/globals';
import { newRow, reduceRow, rowOf, type RowState } from '../../workflows/errored/row.js';
import { classified, permutations, shuffled } from './support.js';
import { MAX_WAITING, type WaitingChild } from '../../src/model/waiting-child.js';
import type { RowMessage } from '../../src/model/row-messages.js';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const fresh = newRow({ process: 'p/q', entityType: 'A', id: 'x' }, at(0));
const child = (id: string, version = 'c1'): WaitingChild => ({ entityType: 'B', id, version });

const failed = (version: 1 | 2, attempt = 1, more: object = {}): RowMessage => ({
  kind: 'failed',
  version: `v${version}`,
  stamp: at(version),
  digest: 'd',
  error: classified,
  at: at(10 * version + attempt),
  attempt,
  retryAt: at(100),
  ...more,
});
const synced = (version: 1 | 2, released?: WaitingChild[] | 'all'): RowMessage => ({
  kind: 'synced',
  version: `v${version}`,
  stamp: at(version),
  at: at(30 + version),
  ...(released ? { released } : {}),
});
const gone: RowMessage = { kind: 'gone', at: at(40) };
const waiting: RowMessage = { kind: 'waiting', at: at(20), children: [child('c')] };
const retry: RowMessage = { kind: 'retry', at: at(25), by: 'Asha' };
const ignore: RowMessage = { kind: 'ignore', at: at(26), reason: 'a test record' };

const all = (messages: RowMessage[], from: RowState = fresh): RowState => messages.reduce(reduceRow, from);
const listed = (row: RowState): string[] => (row.waiting === 'all' ? ['all'] : row.waiting.map(({ id, version }) => `${id} ${version}`));
const stampOf = (message: RowMessage): string => ('stamp' in message ? message.stamp : '');

/** Promises broken by a row after these messages, judged by the messages alone. */
function broken(told: RowMessage[], row: RowState, before: RowState): string[] {
  const last = told.at(-1) ?? gone;
  const newestOf = (kind: RowMessage['kind']): string =>
    told.reduce((newest, each) => (each.kind === kind && stampOf(each) > newest ? stampOf(each) : newest), '');
  const newest = newestOf('failed');
  const promises = {
    'closes only with no child waiting': row.ended === undefined || row.waiting.length === 0,
    'keeps every child': !told.includes(waiting) || listed(row).join() === 'c c1',
    'an old success never closes a newer failure':
      newest <= newestOf('synced') || told.includes(gone) || (row.ended === undefined && row.failure?.stamp === newest),
    'retry counts anew': last.kind !== 'retry' || row.attempts === 0,
    'one try counts once': row.attempts <= 1,
    'ignored until a newer version, or a decision':
      before.state !== 'ignored' ||
      row.state === 'ignored' ||
      (last.kind === 'failed' ? stampOf(last) > (before.failure?.stamp ?? '') : last.kind !== 'waiting'),
    'the same news twice changes nothing':
      last.kind === 'retry' || last.kind === 'ignore' || JSON.stringify(reduceRow(row, last)) === JSON.stringify(row),
  };
  return Object.entries(promises).flatMap(([promise, kept]) => (kept ? [] : [promise]));
}

function brokenIn(order: RowMessage[]): string[] {
  let row = fresh;
  return order.flatMap((message, index) => {
    const before = row;
    row = reduceRow(row, message);
    const told = order.slice(0, index + 1);
    return broken(told, row, before).map(
      (promise) => `${promise}: ${told.map((each) => each.kind + stampOf(each).slice(17, 19)).join(' ')}`,
    );
  });
}

describe('the row of an errored record', () => {
  const messages = [failed(1), failed(2), synced(1), synced(2), waiting, retry, ignore, gone];

  it('keeps its promises in every order of its messages', () => {
    const found: string[] = [];
    for (const order of permutations(messages)) found.push(...brokenIn(order));
    expect(found.slice(0, 5)).toEqual([]);
  });

  it('keeps them with every message told twice, in any order', () => {
    const found: string[] = [];
    for (let seed = 1; seed <= 3_000; seed += 1) found.push(...brokenIn(shuffled([...messages, ...messages], seed)));
    expect(found.slice(0, 5)).toEqual([]);
  });

  it('is not closed by an old success, and is by one of its own state or a newer one', () => {
    expect(all([failed(2), synced(1)]).ended).toBeUndefined();
    expect(all([failed(2), synced(1)]).failure?.version).toBe('v2');
    expect(all([failed(2), synced(2)]).ended).toBe('synced');
    expect(all([failed(1), synced(2)]).ended).toBe('synced');
    expect(all([failed(1), synced(2), failed(1)]).ended).toBe('synced');
    expect(all([failed(1), synced(2), failed(2)]).ended).toBeUndefined();
  });

  it('is not closed by an absence that was seen before it failed', () => {
    expect(all([failed(2), { kind: 'gone', at: at(5) }])).toMatchObject({ state: 'failing', failure: { version: 'v2' } });
    expect(all([failed(2), gone]).ended).toBe('gone');
  });

  it('counts each try once, and begins anew with another version or definition', () => {
    const tries = [failed(1, 1), failed(1, 1), failed(1, 2), failed(1, 2), failed(1, 3), failed(1, 2)];
    expect(all(tries).attempts).toBe(3);
    expect(all([...tries, failed(2, 1)]).attempts).toBe(1);
    expect(all([...tries, failed(1, 1, { digest: 'other' })])).toMatchObject({ attempts: 1, failure: { digest: 'other' } });
  });

  it('uses up no attempt by waiting on a parent, however often, and takes what fails then as news', () => {
    const parentFailing = { error: { ...classified, errorType: 'ParentFailing', code: 'ParentFailing' }, waits: true };
    const wait = (second: number): RowMessage => failed(1, 3, { ...parentFailing, at: at(50 + second), retryAt: at(200 + second) });
    const waits = all([failed(1, 1), failed(1, 2), ...Array.from({ length: 30 }, (_, second) => wait(second))]);
    expect(waits).toMatchObject({ attempts: 2, retryAt: at(229), failure: { error: { code: 'ParentFailing' } } });
    // Told once more, or late: nothing new.
    for (const second of [0, 29]) expect(reduceRow(waits, wait(second))).toEqual(waits);
    expect(reduceRow(waits, failed(1, 3))).toMatchObject({ attempts: 3, failure: { error: classified } });
    const alone = all([failed(1, 1, parentFailing)]);
    expect(alone).toMatchObject({ state: 'failing', attempts: 0, retryAt: at(100) });
    expect(reduceRow(alone, failed(1, 1))).toMatchObject({ attempts: 1, failure: { error: classified } });
    // Asked for by a person while it was looked at: it still comes, at once.
    expect(all([failed(1, 1), failed(1, 2), retry, wait(1)])).toMatchObject({ attempts: 0, retryAt: at(25) });
  });

  it('waits for a person where no next try is told, and counts anew from a retry', () => {
    const { retryAt: _retryAt, ...never } = failed(1, 20) as Extract<RowMessage, { kind: 'failed' }>;
    const waits = all([failed(1, 19), never]);
    expect(waits.retryAt).toBeUndefined();
    expect(reduceRow(waits, retry)).toMatchObject({
      state: 'failing',
      attempts: 0,
      retryAt: at(25),
      decisions: [{ what: 'retry', by: 'Asha' }],
    });
    expect(all([retry, failed(1, 1)], waits)).toMatchObject({ attempts: 1, retryAt: at(100) });
  });

  it('does not forget a retry that is asked for while a try is under way', () => {
    const { retryAt: _retryAt, ...last } = failed(1, 3, { error: { ...classified, code: 'Newer' } }) as Extract<
      RowMessage,
      { kind: 'failed' }
    >;
    const row = all([failed(1, 1), failed(1, 2), retry, last]);
    expect(row).toMatchObject({ attempts: 0, retryAt: at(25), failure: { error: { code: 'Newer' } } });
    expect(reduceRow(row, failed(1, 1))).toMatchObject({ attempts: 1, retryAt: at(100) });
  });

  it('stays ignored, whatever the definition, until a newer version or a retry', () => {
    const ignored = all([failed(1), ignore]);
    expect(ignored).toMatchObject({ state: 'ignored', decisions: [{ what: 'ignore', reason: 'a test record' }] });
    expect(ignored.retryAt).toBeUndefined();
    for (const message of [failed(1), failed(1, 2), failed(1, 1, { digest: 'other' }), waiting])
      expect(reduceRow(ignored, message).state).toBe('ignored');
    expect(reduceRow(ignored, failed(2))).toMatchObject({ state: 'failing', attempts: 1, retryAt: at(100) });
    expect(reduceRow(ignored, retry)).toMatchObject({ state: 'failing', attempts: 0 });
    expect(reduceRow(ignored, synced(2)).ended).toBe('synced');
  });

  it('is put aside by an error type that says so', () => {
    expect(all([failed(1, 1, { ignore: true })])).toMatchObject({ state: 'ignored', attempts: 1 });
  });

  it('closes only once no child waits, and keeps one that was listed anew in another version', () => {
    const released = [child('a'), child('b')];
    const row = all([failed(1), { kind: 'waiting', at: at(20), children: released }]);
    const half = all([synced(1)], row);
    expect(half).toMatchObject({ state: 'releasing', retryAt: at(31) });
    expect(half.ended).toBeUndefined();
    const anew = all([{ kind: 'waiting', at: at(33), children: [child('b', 'c2')] }, synced(1, released)], half);
    expect(listed(anew)).toEqual(['b c2']);
    expect(anew.ended).toBeUndefined();
    expect(all([synced(1, [child('b', 'c2')])], anew).ended).toBe('synced');
    expect(all([{ kind: 'gone', at: at(41), released }], row).ended).toBe('gone');
  });

  it('opens again for news that comes together with what ended it', () => {
    const ended = all([failed(1), synced(1)]);
    expect(reduceRow(ended, waiting)).toMatchObject({ state: 'releasing', waiting: [child('c')] });
    expect(reduceRow(ended, waiting).ended).toBeUndefined();
    expect(reduceRow(ended, retry).ended).toBe('synced');
  });

  it('lists at most so many children, then says all, and stays so until all are carried over', () => {
    const many = Array.from({ length: MAX_WAITING }, (_, index) => child(`c${index}`));
    const full = all([failed(1), { kind: 'waiting', at: at(20), children: many }, { kind: 'waiting', at: at(20), children: many }]);
    expect(full.waiting).toHaveLength(MAX_WAITING);
    const more = reduceRow(full, waiting);
    expect(more.waiting).toBe('all');
    expect(all([synced(1, many)], more).ended).toBeUndefined();
    expect(all([waiting, synced(1)], more).waiting).toBe('all');
    expect(all([synced(1, 'all')], more).ended).toBe('synced');
  });

  it('keeps the latest decisions only', () => {
    const row = all(Array.from({ length: 50 }, (_, index): RowMessage => ({ kind: 'retry', at: at(index) })));
    expect(row.decisions).toHaveLength(20);
    expect(row.decisions.at(-1)?.at).toBe(at(49));
  });

  it('is refused by a release that does not know its version', () => {
    expect(rowOf(fresh)).toBe(fresh);
    expect(() => rowOf({ ...fresh, v: 2 } as unknown as RowState)).toThrow('run a newer worker');
  });
});
