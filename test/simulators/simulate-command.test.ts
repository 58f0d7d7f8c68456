import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { simulateCommand } from '../../src/cli/commands/simulate.js';
import type { Io } from '../../src/cli/io.js';
import { until } from '../support/until.js';

/** Runs the command; it ends once `end` is called. */
function run(...args: string[]): { lines: string[]; end: () => void; done: Promise<unknown> } {
  const lines: string[] = [];
  const end = new AbortController();
  const io: Io = { out: (line) => lines.push(line), error: () => undefined, env: {}, signal: end.signal };
  const program = new Command('sangam').exitOverride();
  simulateCommand(program, io);
  const done = program.parseAsync(['simulate', ...args], { from: 'user' });
  return { lines, end: () => end.abort(), done };
}

describe('sangam simulate', () => {
  it.each([
    ['avni', ['--records', '100'], '/ping', '/records', 100],
    ['fhir', [], '/metadata', '/resources', 0],
  ] as const)('%s prints one line of JSON with its addresses, and ends when told to', async (system, options, alive, dump, count) => {
    const { lines, end, done } = run(system, ...options);
    await until('it has started', () => lines.length > 0);
    const { url = '', base = '', control = '', ...rest } = JSON.parse(lines[0] ?? '') as Record<string, string>;
    expect([lines.length, rest]).toEqual([1, { system }]);
    expect((await fetch(`${base}${alive}`)).status).toBe(200);
    expect(((await (await fetch(`${control}${dump}`)).json()) as unknown[]).length).toBe(count);
    end();
    await done;
    await expect(fetch(url)).rejects.toThrow();
  });

  it.each([
    [['openmrs'], 'say avni or fhir'],
    [['avni', '--records', 'many'], '--records takes a whole number'],
    [['fhir', '--port', '-1'], '--port takes a whole number'],
  ])('%j is refused in words', async (args, words) => {
    await expect(run(...args).done).rejects.toThrow(words);
  });
});
