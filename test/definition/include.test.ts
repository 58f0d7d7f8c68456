import { mkdtemp, rm, symlink, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { silent } from '../../src/log.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { fakeConnectorTypes } from '../support/fake-connector-types.js';
import { env, loadFiles, small } from './support.js';

const including = (...files: string[]): string => `include: [${files.join(', ')}]\n${small}`;
const FUNCTIONS = 'functions:\n  one: function($x) { $x }\n';
const told = async (files: Record<string, string>) => {
  const { folder, problems, definitions } = await loadFiles(files);
  return { definitions, found: problems.map(({ file, line, code, path }) => `${relative(folder, file)}:${line} ${code} ${path}`) };
};

describe('what a definition includes', () => {
  it('counts as if it stood in it: sections, and entity types of a process', async () => {
    const parts = {
      'a.yaml': including('common', 'parts/camp.yaml').replace('"Patient" }', '"Patient", "name": $one(name), "gender": $code("g", x) }'),
      'common/functions.yaml': FUNCTIONS,
      'common/tables.yml': 'codes:\n  g: { F: female }\n',
      'common/notes.txt': 'x: [',
      'parts/camp.yaml': `processes:
  one:
    entityTypes:
      Camp: { from: { system: avni, encounter: Camp }, to: { system: emr, resource: Encounter }, map: '{ "resourceType": "Encounter" }' }
  two:
    entityTypes:
      Tent: { from: { system: avni, encounter: Tent }, to: { system: emr, resource: Encounter }, map: '{ "resourceType": "Encounter" }' }
`,
    };
    const { definitions, found } = await told(parts);
    expect(found).toEqual([]);
    const processes = Object.entries(definitions[0]?.processes ?? {}).map(([name, { entityTypes }]) => [
      name,
      entityTypes.map((each) => each.name),
    ]);
    expect(processes).toEqual([
      ['one', ['Person', 'Visit', 'Camp']],
      ['two', ['Tent']],
    ]);
    expect(definitions[0]?.codes['g']?.entries).toEqual({ F: 'female' });
    const digest = definitions[0]?.processes['one']?.digest;
    const other = await told({ ...parts, 'common/functions.yaml': FUNCTIONS.replace('{ $x }', '{ $x & "" }') });
    expect(other.definitions[0]?.processes['one']?.digest).not.toBe(digest);
  });

  it('is told of at its own file and line', async () => {
    const wrong: [Record<string, string>, string[]][] = [
      [{ 'common/f.yaml': 'functions:\n  one: "$x("\n' }, ['common/f.yaml:2 BadExpression functions.one']],
      [{ 'common/f.yaml': '\nfunctions:\n\tone: "1"\n' }, ['common/f.yaml:3 InvalidYaml functions']],
      [{ 'common/f.yaml': `${FUNCTIONS}integration: other\n` }, ['common/f.yaml:3 UnknownKey integration']],
      [{ 'common/f.yaml': '- one\n' }, ['common/f.yaml:1 WrongType ']],
      [{ 'common/f.yaml': FUNCTIONS, 'common/g.yaml': `# the same\n${FUNCTIONS}` }, ['common/g.yaml:3 DuplicateKey functions.one']],
      [{ 'common/f.yaml': 'processes:\n  one:\n    every: 1 hour\n' }, ['common/f.yaml:3 DuplicateKey processes.one.every']],
      [{ 'common/f.yaml': 'systems:\n  emr: { connector: fhir, url: "https://x" }\n' }, ['common/f.yaml:2 DuplicateKey systems.emr']],
      [
        { 'common/f.yaml': 'processes:\n  one:\n    entityTypes:\n      Camp:\n        from: { system: avni }\n' },
        ['common/f.yaml:4 MissingKey processes.one.entityTypes.Camp.to', 'common/f.yaml:4 MissingKey processes.one.entityTypes.Camp.map'],
      ],
    ];
    for (const [files, problems] of wrong) {
      const { definitions, found } = await told({ 'a.yaml': including('common'), ...files });
      expect([files, found.filter((each) => problems.includes(each))]).toEqual([files, problems]);
      expect(definitions).toEqual([]);
    }
  });

  it('is neither outside the folder, nor in a circle, nor missing', async () => {
    const refused: [Record<string, string>, string[]][] = [
      [{ 'a.yaml': including('../x.yaml') }, ['a.yaml:1 OutsideFolder include.0']],
      [{ 'a.yaml': including('/etc/hostname') }, ['a.yaml:1 MissingFile include.0']],
      [{ 'a.yaml': including('common/../../x.yaml') }, ['a.yaml:1 OutsideFolder include.0']],
      [{ 'a.yaml': including('none.yaml') }, ['a.yaml:1 MissingFile include.0']],
      [{ 'a.yaml': including('empty'), 'empty/x.txt': '' }, ['a.yaml:1 MissingFile include.0']],
      [{ 'a.yaml': `include: common\n${small}`, 'common/f.yaml': FUNCTIONS }, ['a.yaml:1 WrongType include']],
      [
        {
          'a.yaml': including('common/f.yaml'),
          'common/f.yaml': 'include:\n  - common/g.yaml\n',
          'common/g.yaml': 'include: [common/f.yaml]\n',
        },
        ['common/g.yaml:1 IncludeCircle include.0'],
      ],
      [{ 'a.yaml': including('common/f.yaml'), 'common/f.yaml': 'include: [a.yaml]\n' }, ['common/f.yaml:1 IncludeCircle include.0']],
    ];
    for (const [files, problems] of refused) {
      const { definitions, found } = await told(files);
      expect([files, found]).toEqual([files, problems]);
      expect(definitions).toEqual([]);
    }
    // Two may include the same: it is there once.
    const shared = { 'common/f.yaml': 'include: [deep/h.yaml]\n', 'common/g.yaml': 'include: [deep/h.yaml]\n', 'deep/h.yaml': FUNCTIONS };
    expect((await told({ 'a.yaml': including('common'), ...shared })).found).toEqual([]);
  });

  it('is not reached by a link that leads outside, and is watched as the definition itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sangam-include-'));
    try {
      const inside = join(folder, 'inside');
      await mkdir(join(inside, 'common'), { recursive: true });
      await writeFile(join(folder, 'secret.yaml'), FUNCTIONS);
      await symlink(join(folder, 'secret.yaml'), join(inside, 'common', 'f.yaml'));
      await writeFile(join(inside, 'a.yaml'), including('common'));
      const { problems } = await loadDefinitions({ paths: [inside], connectorTypes: fakeConnectorTypes, env });
      expect(problems.map(({ code }) => code)).toEqual(['OutsideFolder']);

      await rm(join(inside, 'common', 'f.yaml'));
      await writeFile(join(inside, 'common', 'f.yaml'), FUNCTIONS);
      await writeFile(join(inside, 'a.yaml'), including('common').replace('"Patient" }', '"Patient", "id": $one(ID) }'));
      const store = new IntegrationStore({ path: inside, connectorTypes, env, log: silent });
      const digest = async () => {
        const found = await store.find('small/one');
        return 'missing' in found ? found.message : found.active.process.digest;
      };
      const first = await digest();
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      await writeFile(join(inside, 'common', 'f.yaml'), FUNCTIONS.replace('{ $x }', '{ $string($x) }'));
      expect(await digest()).toMatch(/^[0-9a-f]{64}$/);
      expect(await digest()).not.toBe(first);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
