import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { CLIPPED } from '../../src/log-clipped.js';
import { HOSTILE_NAMES } from '../support/hostile-names.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

function logging() {
  const lines: string[] = [];
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: pino({ level: 'debug', base: null, ...CLIPPED }, to) };
}

/** What a line holds in the end: also behind what JSON writes otherwise. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...textsOf(each)]);
}

describe('the worker’s log', () => {
  it('tells what it is given', () => {
    const { lines, log } = logging();
    log.warn({ process: 'clinic/a', count: 3, list: ['x'], none: undefined }, 'Something happened');
    log.info('A message alone');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 40, process: 'clinic/a', count: 3, list: ['x'], msg: 'Something happened' },
      { level: 30, msg: 'A message alone' },
    ]);
  });

  it.each([...HOSTILE_TEXTS, ...HOSTILE_NAMES])('has one line of %j, which steers nothing', (text) => {
    const { lines, log } = logging();
    log.error({ text, deep: { list: [text, { [text]: text }] } }, text);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    for (const each of textsOf(JSON.parse(lines[0] ?? '')))
      expect(each).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
  });

  it('has no line longer than a page, whatever it is given', () => {
    const long = 'x'.repeat(3_000_000);
    const nested = Array.from({ length: 1_000 }).reduce<unknown>((inner) => ({ inner }), long);
    for (const fields of [
      { long },
      { [long]: 1 },
      { list: Array.from({ length: 100_000 }, () => 1) },
      { nested },
      { error: new Error(long) },
    ]) {
      const { lines, log } = logging();
      log.warn(fields, long);
      log.warn(fields, 'short');
      for (const line of lines) expect(line.length).toBeLessThan(4_000);
    }
  });
});
