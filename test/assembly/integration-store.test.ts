import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { MappingThreads } from '../../src/mapping/threads/mapping-threads.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sangam-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const definition = (integration: string, since: string): string => `integration: ${integration}
systems:
  avni: { connector: avni, url: "http://a", auth: { userName: me } }
  emr: { connector: fhir, url: "http://b" }
processes:
  one:
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resource: Patient }
        since: ${since}
        map: '{ "resourceType": "Patient" }'
`;

describe('the store of definitions', () => {
  it('keeps what is in force connected, and says once what is wrong, while a file lies ahead of its time', async () => {
    await writeFile(join(folder, 'now.yaml'), definition('now', '2024-01-01T00:00:00Z'));
    await writeFile(join(folder, 'later.yaml'), definition('later', '2999-01-01T00:00:00Z'));
    const told: string[] = [];
    const log = { ...silent, warn: (_fields: object, message: string) => told.push(message) };
    const store = new IntegrationStore({ path: folder, connectorTypes, env: {}, log });
    const found = await store.find('now/one');
    expect(found).toHaveProperty('active');
    const again = await store.find('now/one');
    expect('active' in again && 'active' in found && again.active === found.active).toBe(true);
    expect(told).toHaveLength(1);
    expect(await store.find('later/one')).toMatchObject({ missing: 'DefinitionInvalid' });
    await writeFile(join(folder, 'later.yaml'), definition('later', '2024-01-01T00:00:00Z'));
    expect(await store.find('later/one')).toHaveProperty('active');
  });

  it('reads and compiles only what changed, and makes one mapping of what is equal', async () => {
    for (const name of ['one', 'two', 'three']) await writeFile(join(folder, `${name}.yaml`), definition(name, '2024-01-01T00:00:00Z'));
    const threads = new MappingThreads();
    try {
      const store = new IntegrationStore({ path: folder, connectorTypes, env: {}, log: silent, makeMapping: threads.mapping });
      const active = async (): Promise<ActiveProcess[]> =>
        Promise.all(
          ['one', 'two', 'three'].map(async (name) => {
            const found = await store.find(`${name}/one`);
            if ('missing' in found) throw new Error(found.message);
            return found.active;
          }),
        );
      const before = await active();
      expect(new Set(before.map(({ parts }) => parts['Person']?.mapping)).size).toBe(1);
      await writeFile(join(folder, 'two.yaml'), definition('two', '2025-01-01T00:00:00Z'));
      const after = await active();
      expect(after.map((each, index) => each === before[index])).toEqual([true, false, true]);
      expect(after[1]?.process.entityTypes[0]?.since).toBe('2025-01-01T00:00:00.000Z');
      // Any of them may use a code table.
      await writeFile(join(folder, 'codes.csv'), 'a,b\n');
      expect((await active()).map((each, index) => each === after[index])).toEqual([false, false, false]);
    } finally {
      await threads.close();
    }
  });

  it('tells when its own files were changed, its code tables included, whatever others have', async () => {
    const own = definition('one', '2024-01-01T00:00:00Z').replace(
      'processes:',
      'codes: { sex: { file: codes.csv, key: a, value: b } }\nprocesses:',
    );
    const at = async (name: string, text: string, day: string): Promise<void> => {
      await writeFile(join(folder, name), text);
      await utimes(join(folder, name), new Date(day), new Date(day));
    };
    await at('one.yaml', own, '2026-01-01T00:00:00Z');
    await at('codes.csv', 'a,b\nx,y\n', '2026-01-02T00:00:00Z');
    await at('others.csv', 'a,b\nx,y\n', '2026-01-03T00:00:00Z');
    await at('two.yaml', definition('two', '2024-01-01T00:00:00Z'), '2026-01-04T00:00:00Z');
    const store = new IntegrationStore({ path: folder, connectorTypes, env: {}, log: silent });
    expect(await store.find('one/one')).toMatchObject({ changedAt: '2026-01-02T00:00:00.000Z' });
  });

  it('says of a process not in force what is wrong with its own file, whatever is wrong with others', async () => {
    const file = join(folder, 'mine.yaml');
    await writeFile(join(folder, 'a-foreign.yaml'), 'integration: 5\n');
    await writeFile(file, definition('mine', '2024-01-01T00:00:00Z'));
    const store = new IntegrationStore({ path: folder, connectorTypes, env: {}, log: silent });
    expect(await store.find('mine/one')).not.toHaveProperty('problem');
    await writeFile(file, definition('mine', 'yesterday'));
    expect(await store.find('mine/one')).toMatchObject({ problem: expect.stringMatching(/mine\.yaml:11: .*since/) });
    await writeFile(file, definition('yours', '2024-01-01T00:00:00Z'));
    expect(await store.find('mine/one')).toMatchObject({ problem: expect.stringMatching(/^No valid file in the folder defines it/) });
    await rm(join(folder, 'a-foreign.yaml'));
    expect(await store.find('mine/one')).toMatchObject({ problem: 'No file in the folder defines it any more.' });
    await rm(folder, { recursive: true });
    expect(await store.find('mine/one')).toMatchObject({ problem: expect.stringContaining('There is no such file or folder') });
  });
});
