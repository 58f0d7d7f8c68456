import { afterAll, describe, expect, it } from '@jest/globals';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import type { Mapping, MappingDefinition, MappingFailed } from '../../src/mapping/mapping.js';
import { MappingThreads } from '../../src/mapping/threads/mapping-threads.js';

const threads = new MappingThreads({ entry: new URL('../../dist/src/mapping/threads/map-thread.js', import.meta.url) });
afterAll(() => threads.close());

/** `$lookup` is none of the quick functions: it goes to a thread. */
const KEYS = ['health', '$lookup($, "health")'];
const definition = (whenKeyMissing: MappingDefinition['whenKeyMissing'], value: string): MappingDefinition => ({
  ...{ dependsOn: {}, parents: {}, map: { main: '{}' }, to: { keys: { main: { system: 'urn:h', value } } } },
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
  ...(whenKeyMissing === undefined ? {} : { whenKeyMissing }),
});
const WAYS: [string, (of: MappingDefinition) => Mapping][] = [
  ['in this thread', (entityType) => compileMapping({ entityType, codes: {} })],
  ['on threads', (entityType) => threads.mapping(entityType, {})],
];
const cases = WAYS.flatMap(([way, make]) => KEYS.map((value) => [way, value, make] as const));
const codeOf = (error: unknown): string => (error as MappingFailed).error.code;

describe.each(cases)('a key that is missing, %s, by %s', (_way, value, make) => {
  it.each([{}, { health: null }, { health: '' }])('of %j derives, filters or fails, as the definition says', async (body) => {
    const derive = make(definition('derive', value));
    expect([await derive.accepts(body), await derive.keys(body)]).toEqual([true, {}]);
    expect(await make(definition('filter', value)).accepts(body)).toBe(false);
    for (const policy of ['fail', undefined] as const) {
      const mapping = make(definition(policy, value));
      expect([await mapping.accepts(body), await mapping.keys(body).catch(codeOf)]).toEqual([true, 'KeyMissing']);
    }
  });

  it('says nothing where there is one, and lets none through that is wrong', async () => {
    for (const policy of ['derive', 'filter', 'fail', undefined] as const) {
      const mapping = make(definition(policy, value));
      const right = { health: 'K-1' };
      expect([await mapping.accepts(right), await mapping.keys(right)]).toEqual([true, { main: { system: 'urn:h', value: 'K-1' } }]);
      expect(await mapping.keys({ health: ['K-1', 'K-2'] }).catch(codeOf)).toBe('KeyMissing');
    }
  });
});
