import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { simulateCommand } from '../../src/cli/commands/simulate.js';
import type { Io } from '../../src/cli/io.js';
import { folderOf, OWN } from '../support/own-organisation.js';
import { until } from '../support/until.js';

/** Runs the command; it ends once `end` is called. */
function run(...args: string[]): { lines: string[]; errors: string[]; end: () => void; done: Promise<unknown> } {
  const [lines, errors]: [string[], string[]] = [[], []];
  const end = new AbortController();
  const io: Io = { out: (line) => lines.push(line), error: (line) => errors.push(line), env: {}, signal: end.signal };
  const program = new Command('sangam').exitOverride();
  simulateCommand(program, io);
  const done = program.parseAsync(['simulate', ...args], { from: 'user' });
  return { lines, errors, end: () => end.abort(), done };
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

  it('avni --organisation has what its folder has set up, and records made from its forms, and no others', async () => {
    const folder = await folderOf({ 'organisation.yaml': OWN });
    const { lines, end, done } = run('avni', '--organisation', folder.path, '--records', '40');
    await until('it has started', () => lines.length > 0);
    const { base = '' } = JSON.parse(lines[0] ?? '') as Record<string, string>;
    const get = async (path: string): Promise<string> => (await fetch(`${base}${path}`, { headers: { 'user-name': 'me' } })).text();
    const since = 'lastModifiedDateTime=1900-01-01T00:00:00.000Z';
    expect(JSON.parse(await get(`/api/subjects?${since}&subjectType=Woman`))).toMatchObject({ totalElements: 6 });
    expect(JSON.parse(await get(`/api/subjects?${since}&subjectType=Beneficiary`))).toMatchObject({ content: [] });
    expect(JSON.parse(await get('/web/concept?name=Haemoglobin'))).toMatchObject({ lowAbsolute: 1.5, unit: 'g/dL' });
    end();
    await done;
    await folder.remove();
  });

  it('tells each problem of an organisation’s files in a line', async () => {
    const folder = await folderOf({ 'organisation.yaml': OWN, 'records.yaml': '- { Subject type: Nobody }\n- 7\n' });
    const { errors, done } = run('avni', '--organisation', folder.path);
    await expect(done).rejects.toThrow('The organisation’s files cannot be used: 1 to mend (BadOrganisation).');
    expect(errors).toEqual([expect.stringContaining('records.yaml: record 2: ')]);
    await folder.remove();
  });

  it.each([
    [['fhir', '--organisation', 'x'], 'for avni alone'],
    [['openmrs'], 'say avni or fhir'],
    [['avni', '--records', 'many'], '--records takes a whole number'],
    [['fhir', '--port', '-1'], '--port takes a whole number'],
  ])('%j is refused in words', async (args, words) => {
    await expect(run(...args).done).rejects.toThrow(words);
  });
});
