import { describe, expect, it } from '@jest/globals';
import { errorText } from '../../src/cli/error-text.js';
import { inOneLine, printable } from '../../src/cli/printable.js';
import { rowText } from '../../src/cli/row-text.js';
import { statusText } from '../../src/cli/status-text.js';
import type { LiveStatus } from '../../src/temporal/read-status.js';
import { rowDetails, rowStatus } from '../../workflows/errored/status.js';
import { newRow, type RowState } from '../../workflows/errored/row.js';
import { detailsOf } from '../../workflows/details.js';
import { emptySheet } from '../../src/model/sheet.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

const STEERS = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const at = '2026-01-01T00:00:00.000Z';

/** A process whose every text comes from outside. */
const statusWith = (text: string): LiveStatus => ({
  process: 'clinic/maternal-health',
  state: 'stopped',
  words: text,
  since: at,
  reason: text,
  by: text,
  cycle: 1,
  notes: [text],
  types: {
    Beneficiary: {
      total: emptySheet,
      stopped: { code: 'Bad', message: text, remedy: text, needs: 'person' },
      findings: { [text]: { count: 1, first: text } },
    },
  },
  errors: { state: 'paused', words: text, reason: text, by: text },
  failure: { entityType: 'Beneficiary', code: 'Bad', message: text, remedy: text, needs: 'person' },
});

const rowWith = (text: string): RowState => ({
  ...newRow({ process: 'clinic/maternal-health', entityType: 'Beneficiary', id: text }, at),
  failure: {
    version: text,
    stamp: at,
    at,
    digest: 'd'.repeat(64),
    error: { errorType: 'Refused', then: 'retry', code: 'Refused', message: text, remedy: text, path: text, kept: { a: text } },
  } as NonNullable<RowState['failure']>,
  decisions: [{ what: 'ignore', at, by: text, reason: text }],
  waiting: [{ entityType: 'Growth', id: text, version: '1' }],
  ignoredMessage: text,
  link: text,
});

const lines = (text: string): number => text.split('\n').length;

describe('what commands print', () => {
  it.each(HOSTILE_TEXTS)('shows %j without following it, as the same number of lines', (text) => {
    for (const [shown, plain] of [
      [statusText(inOneLine(statusWith(text))), statusText(statusWith('x'))],
      [rowText(inOneLine(rowStatus(rowWith(text)))), rowText(rowStatus(rowWith('x')))],
    ] as const) {
      expect(printable(shown)).not.toMatch(STEERS);
      expect(lines(printable(shown))).toBe(lines(plain));
    }
    const error = errorText(
      { code: 'Refused', message: text, remedy: 'r', path: text, detail: text },
      { errorType: 'Refused', then: 'retry', code: 'Refused', message: text, remedy: 'r' },
    );
    const [head = '', ...more] = error.map(printable);
    expect(lines(head)).toBe(1);
    // Its whole text keeps its lines, each set in.
    for (const line of more.slice(more.indexOf('The whole text, kept nowhere:') + 1)) expect(line).toMatch(/^ {2}/);
  });

  it('gives JSON that reads as it was', () => {
    for (const text of HOSTILE_TEXTS) expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
  });
});

describe('what the Web UI shows', () => {
  it.each(HOSTILE_TEXTS)('has the same lines, and no markdown of %j', (text) => {
    for (const details of [(with_: string) => detailsOf(statusWith(with_)), (with_: string) => rowDetails(rowWith(with_))]) {
      const shown = details(text).text;
      expect(shown).not.toMatch(STEERS);
      expect(lines(shown)).toBe(lines(details('x').text));
      expect(shown.replace(/\\[\p{P}\p{S}]/gu, '')).not.toMatch(/\]\(|<|:\/\/|\*\*bold|`/);
    }
  });
});
