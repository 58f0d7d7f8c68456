import { describe, expect, it } from '@jest/globals';
import { bytesOf } from '../../src/model/clean.js';
import { received } from '../../workflows/errored/received.js';
import { BY_HAND, newRow, reduceRow, type RowState } from '../../workflows/errored/row.js';
import { rowDetails, rowMemo, rowStatus } from '../../workflows/errored/status.js';
import { startBookmarks } from '../../workflows/start-bookmarks.js';
import { classified, shuffled } from './support.js';
import { parseRowMessage, type RowMessage } from '../../src/model/row-messages.js';
import { parsePause, parseResume, parseRunNow } from '../../src/model/process-messages.js';

const NOW = '2026-11-24T06:30:00.000Z';
const HOST = 'avni.example.org';
const limits = { now: NOW, clockBound: 5_000, host: HOST };
const at = (seconds: number): string => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();
const fresh = newRow({ process: 'p/q', entityType: 'A', id: 'x' }, at(-100));
const failure = { version: 'v', stamp: at(-60), digest: 'd', error: classified, at: at(-50), attempt: 1, retryAt: at(-10) };
const child = { entityType: 'B', id: 'c1', version: 'v' };

/** As a row takes a message from anyone. */
function take(row: RowState, kind: RowMessage['kind'], payload: unknown): RowState {
  const parsed = parseRowMessage(kind, payload, NOW);
  if ('refused' in parsed) return { ...row, ignoredMessage: parsed.refused };
  const taken = received(parsed, limits);
  return 'refused' in taken ? { ...row, ignoredMessage: taken.refused } : reduceRow(row, taken);
}

const failing = take(fresh, 'failed', failure);
const NASTY = '\u001b]0;owned\u0007\r\nforged line \u202Egnp.exe\u2066\u200Bx\uD800';
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

/** Values of every kind that somebody may put where another was meant. */
const odd: unknown[] = [
  ...[undefined, null, true, false, 0, -1, 1.5, 2 ** 60, Number.NaN, '', ' ', 'text', NASTY, [], {}, [null], [[]]],
  ...['2099-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0001-01-01T00:00:00.000Z', at(-60), at(3_600)],
  ...[
    'x'.repeat(5_000),
    '😀'.repeat(3_000),
    `javascript:alert(1)`,
    `https://${HOST}/r1`,
    'https://evil.example/',
    '__proto__',
    'constructor',
  ],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  Array.from({ length: 2_000 }, (_, index) => ({ entityType: 'B', id: `${index}${'é'.repeat(1_900)}`, version: 'v' })),
  Array.from({ length: 50 }, () => ({ ...child, more: 'x'.repeat(50_000) })),
  'all',
];

/**
 * A payload of each kind, with each of its members, and those of what is in it, made odd in turn.
 */
function* hostile(): Generator<[RowMessage['kind'], unknown]> {
  const good: [RowMessage['kind'], Record<string, unknown>][] = [
    ['failed', { ...failure, ignore: true, waits: true, looked: true, link: `https://${HOST}/r1` }],
    ['synced', { version: 'v', stamp: at(-60), at: NOW, released: [child], looked: true, by: 'the error process' }],
    ['gone', { at: NOW, released: [child], by: 'x' }],
    ['waiting', { at: NOW, children: [child] }],
    ['retry', { by: 'Asha', reason: 'r' }],
    ['ignore', { by: 'Asha', reason: 'r' }],
  ];
  for (const [kind, payload] of good)
    for (const value of odd) {
      yield [kind, value];
      for (const name of [...Object.keys(payload), 'extra', '__proto__x']) yield [kind, { ...payload, [name]: value }];
      if (kind !== 'failed') continue;
      for (const name of [...Object.keys(classified), 'status', 'path', 'expression', 'kept', 'extra'])
        yield [kind, { ...payload, error: { ...classified, [name]: value } }];
      for (const name of ['a', NASTY]) yield [kind, { ...payload, error: { ...classified, kept: { [name]: value } } }];
    }
}

/** Every text in a value that is shown to people, and is no identity. */
function textsOf(row: RowState): string[] {
  const { error } = row.failure ?? {};
  const of = [error?.code, error?.message, error?.remedy, error?.path, error?.expression, row.link, row.ignoredMessage, row.resolvedBy];
  return [...of, ...Object.entries(error?.kept ?? {}).flat(), ...row.decisions.flatMap(({ by, reason }) => [by, reason])].flatMap(
    (text) => text ?? [],
  );
}

function expectSound(row: RowState): void {
  // Temporal ends a workflow whose state has 2 MiB.
  expect(bytesOf(row)).toBeLessThan(1_000_000);
  expect(bytesOf(rowMemo(row))).toBeLessThan(20_000);
  expect(textsOf(row).filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  expect((row.failure?.stamp ?? '') <= at(5)).toBe(true);
  expect((row.inStep?.stamp ?? '') <= at(5)).toBe(true);
  expect((row.retryAt ?? '') <= at(31 * 86_400)).toBe(true);
  expect(row.link === undefined || row.link.startsWith(`https://${HOST}/`)).toBe(true);
  expect(['failing', 'ignored', 'releasing']).toContain(row.state);
  expect(typeof rowStatus(row).words).toBe('string');
  expect(rowDetails(row).text).not.toContain('](javascript:');
  expect(({} as { polluted?: true }).polluted).toBeUndefined();
}

describe('an errored record that anyone may signal', () => {
  const messages = [...hostile()];

  it('stays sound after each hostile message, whatever it was before', () => {
    expect(messages.length).toBeGreaterThan(800);
    const waiting = take(failing, 'waiting', { at: NOW, children: [child] });
    for (const [kind, payload] of messages) for (const row of [failing, waiting]) expectSound(take(row, kind, payload));
  });

  it('stays sound after all of them, in many orders', () => {
    for (let seed = 1; seed <= 2; seed += 1) {
      let row = failing;
      for (const [kind, payload] of shuffled(messages, seed)) row = take(row, kind, payload);
      expectSound(row);
    }
  });

  it('is neither closed nor moved by a stamp of the future', () => {
    const stamp = '2099-01-01T00:00:00.000Z';
    for (const each of [take(failing, 'synced', { version: 'z', stamp, at: NOW }), take(failing, 'failed', { ...failure, stamp })]) {
      expect(each).toEqual({ ...failing, ignoredMessage: expect.stringContaining('lies ahead of now by more than 5000 ms') });
    }
    expect(take(failing, 'synced', { version: 'z', stamp: at(4), at: NOW }).ended).toBe('synced');
  });

  it('takes what is told as told now at the latest: later news is not made old by it', () => {
    const told = take(failing, 'failed', { ...failure, attempt: 2, at: '2099-01-01T00:00:00.000Z' });
    expect(told.lastFailedAt).toBe(NOW);
    expect(take(told, 'gone', { at: NOW }).ended).toBe('gone');
  });

  it('says on whose word it closed', () => {
    const message = { version: 'v', stamp: at(-60), at: NOW };
    expect(take(failing, 'synced', { ...message, by: 'the error process' }).resolvedBy).toBe('the error process');
    const byHand = take(failing, 'synced', message);
    expect(byHand.resolvedBy).toBe(BY_HAND);
    expect(rowMemo(byHand).closed).toEqual({ how: 'synced', by: BY_HAND, at: NOW });
    expect(rowStatus(byHand).words).toContain('on the word of whoever signalled it');
  });

  it('is looked at ever less often where looking changes nothing', () => {
    let row = take(failing, 'failed', { ...failure, version: 'w', stamp: at(3) });
    const waits: number[] = [];
    for (let look = 0; look < 15; look += 1) {
      const now = row.retryAt ?? '';
      row = reduceRow(row, { kind: 'synced', version: 'v', stamp: at(-60), at: now, looked: true });
      waits.push((Date.parse(row.retryAt ?? '') - Date.parse(now)) / 1_000);
    }
    expect(waits.slice(0, 4)).toEqual([60, 120, 240, 480]);
    expect(waits.at(-1)).toBe(86_400);
    expect(row.ended).toBeUndefined();
    // News, or a person, begin anew.
    expect(reduceRow(row, { kind: 'retry', at: NOW }).vain).toBeUndefined();
  });

  it('says that more wait than it lists once their ids are more than its state holds', () => {
    const many = (length: number, size: number) => Array.from({ length }, (_, index) => ({ ...child, id: `${index}-${'x'.repeat(size)}` }));
    const row = take(failing, 'waiting', { at: NOW, children: many(900, 36) });
    expect(row.waiting).toHaveLength(900);
    expect(take(row, 'waiting', { at: NOW, children: many(400, 1_900) }).waiting).toBe('all');
  });

  it.each([
    'javascript:alert(1)',
    `https://${HOST}.evil.example/`,
    `https://u:p@${HOST}/`,
    `ftp://${HOST}/`,
    '//x',
    `https://${HOST}:8443/`,
  ])('shows no link to %s', (link) => {
    const row = take(fresh, 'failed', { ...failure, link });
    expect(row.state).toBe('failing');
    expect(row.link).toBeUndefined();
  });
});

describe('a process that anyone may signal or start', () => {
  it('takes of a pause what it knows alone, cleaned', () => {
    for (const value of odd)
      for (const payload of [
        value,
        ...['reason', 'by', 'until', 'errorsOnly', 'errors', 'extra'].map((name) => ({ reason: 'r', [name]: value })),
      ]) {
        const parsed = parsePause(payload, NOW);
        expect(bytesOf(parsed)).toBeLessThan(6_000);
        const pause = 'pause' in parsed ? parsed.pause : { since: NOW, reason: parsed.refused };
        expect(UNPRINTABLE.test((pause.reason ?? '') + (pause.by ?? ''))).toBe(false);
        expect(pause.since).toBe(NOW);
        expect(Object.keys(pause).every((name) => ['since', 'reason', 'by', 'until'].includes(name))).toBe(true);
        for (const other of [parseResume(payload), parseRunNow(payload)]) {
          expect('refused' in other ? other.refused.length : 0).toBeLessThan(200);
          expect(Object.values(other).every((each) => typeof each === 'boolean' || typeof each === 'string')).toBe(true);
        }
      }
  });

  it('takes of start bookmarks, and of memos read back, what are bookmarks alone', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`T${index}`, NOW]));
    for (const value of [...odd, many, { A: { v: 1, at: NOW, extra: 'x'.repeat(100_000), systems: 'y'.repeat(100_000) } }])
      for (const given of [value, { A: value }, { [NASTY]: NOW }, { A: { v: 1, at: NOW, place: value } }]) {
        const read = startBookmarks(given);
        expect(bytesOf(read)).toBeLessThan(60_000);
        for (const [name, bookmark] of Object.entries(read)) {
          expect(name).toMatch(/^[A-Za-z0-9_-]{1,60}$/);
          expect(new Date(bookmark.at).toISOString()).toBe(bookmark.at);
        }
      }
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });
});
