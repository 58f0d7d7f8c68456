import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { builtInErrorTypes } from '../../src/errors/built-in.js';
import { compilePattern } from '../../src/errors/pattern.js';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * Codes of a system's failure, of stops and of health: no record fails with them. `Refused` is the
 * destination's, for its own types.
 */
const notOfRecords = [
  'UnknownConcept',
  'CapabilityMissing',
  ...['Unreachable', 'TlsFailed', 'TimedOut', 'Unauthorized', 'Forbidden', 'NotFound', 'RateLimited', 'Unavailable', 'ServerError'],
  ...[
    'BadResponse',
    'AllGone',
    'FilterDropped',
    'IncludeDropped',
    'UnknownType',
    'TooManyErrors',
    'Unbalanced',
    'ClockUnsure',
    'DefinitionChanged',
    'NothingThere',
    'Refused',
  ],
];

function codesIn(folder: string): string[] {
  const files = readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files
    .filter((file) => !/error-types\.ts$|built-in\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(source, folder, file), 'utf8').matchAll(
        /(?:\bcode: (?:\w+ \? )?|\brefused\(\s*)'([A-Z]\w+)'(?: : '([A-Z]\w+)')?/g,
      ),
    ])
    .flatMap(([, first, second]) => [first, second].flatMap((code) => code ?? []));
}

describe('built-in error types', () => {
  const all = [...builtInErrorTypes, ...Object.values(connectorTypes).flatMap(({ errorTypes }) => errorTypes)];

  it('there is one for every code the engine gives a record', () => {
    const codes = new Set(['mapping', 'sync', 'connectors'].flatMap(codesIn).filter((code) => !notOfRecords.includes(code)));
    expect(codes.size).toBeGreaterThan(12);
    expect([...codes].filter((code) => !all.some((type) => type.name === code && type.code === code))).toEqual([]);
  });

  it('have names of their own, a remedy, and expressions that compile and hold what is kept', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, remedy, matches, keep } of all) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
      const pattern = compilePattern(matches ?? '');
      expect(pattern).toMatchObject({ groups: expect.arrayContaining(keep) as unknown });
    }
  });
});
