import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { fakeConnectorTypes } from '../support/fake-connector-types.js';
import { env, loadFiles, small } from './support.js';

describe('loading a folder', () => {
  it('reads every *.yaml and *.yml in it, and nothing below it', async () => {
    const { definitions, problems } = await loadFiles({
      'b.yml': small.replace('small', 'b'),
      'a.yaml': small.replace('small', 'a'),
      'notes.txt': 'x: [',
      'old/c.yaml': 'x: [',
    });
    expect(problems).toEqual([]);
    expect(definitions.map(({ integration }) => integration)).toEqual(['a', 'b']);
  });

  it('leaves out what is wrong, and gives the others', async () => {
    const { definitions, problems, folder } = await loadFiles({ 'a.yaml': `${small}x: 1\n`, 'b.yaml': small.replace('small', 'b') });
    expect(definitions.map(({ integration }) => integration)).toEqual(['b']);
    expect(problems.map(({ file }) => file)).toEqual([join(folder, 'a.yaml')]);
  });

  it('refuses two of one name, naming both, even where one has other faults', async () => {
    const { definitions, problems, folder } = await loadFiles({ 'a.yaml': small, 'b.yaml': `${small}x: 1\n` });
    expect(definitions).toEqual([]);
    const named = problems.filter(({ code }) => code === 'DuplicateIntegration');
    expect(named.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
      `${join(folder, 'a.yaml')}:1:14`,
      `${join(folder, 'b.yaml')}:1:14`,
    ]);
    for (const { message } of named) for (const file of ['a.yaml', 'b.yaml']) expect(message).toContain(join(folder, file));
  });

  it('refuses what is not in UTF-8, whose names would be others', async () => {
    const { definitions, problems } = await loadFiles({ 'a.yaml': Buffer.from(small.replaceAll('Visit', 'Visité'), 'latin1') });
    expect([definitions, problems.map(({ code, message }) => `${code} ${message}`)]).toEqual([
      [],
      ['InvalidYaml The file is not in UTF-8.'],
    ]);
  });

  it('says so where there is nothing to load', async () => {
    expect((await loadFiles({ 'notes.txt': '' })).problems.map(({ code }) => code)).toEqual(['NoDefinitions']);
    const { problems } = await loadDefinitions({ paths: ['no/such/folder'], connectorTypes: fakeConnectorTypes, env });
    expect(problems.map(({ code, file }) => `${code} ${file}`)).toEqual(['MissingFile no/such/folder']);
  });
});
