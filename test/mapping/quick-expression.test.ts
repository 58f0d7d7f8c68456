import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { parse } from 'yaml';
import type { Node } from '../../src/mapping/quick/nodes.js';
import { notQuick } from '../../src/mapping/quick/not-quick.js';
import { quickExpression } from '../../src/mapping/quick/quick-expression.js';
import { plain } from '../../src/mapping/plain.js';
import { Random } from '../../src/simulators/avni/random.js';
import { bodyOf, expressionOf } from '../support/expressions.js';

const helpers = {
  code: (table: string, value: unknown) =>
    value === undefined ? undefined : Array.isArray(value) ? value : `${table}:${JSON.stringify(value)}`,
  parent: (type: string) => ({ reference: type }),
};

const quickly = (source: string) => quickExpression(jsonata(source).ast() as unknown as Node);

async function byJsonata(source: string, body: unknown): Promise<unknown> {
  const expression = jsonata(source);
  for (const [name, helper] of Object.entries(helpers)) expression.assign(name, helper);
  return plain(await expression.evaluate(body));
}

describe('a quick expression', () => {
  it('gives what JSONata gives, or leaves it to it', async () => {
    const random = new Random(42);
    let judged = 0;
    for (let each = 0; each < 6_000; each += 1) {
      const [source, body] = [expressionOf(random, 3), bodyOf(random)];
      const quick = quickly(source);
      let result: unknown;
      try {
        if (!quick) continue;
        result = plain(quick(body, helpers));
      } catch (error) {
        if (error === notQuick) continue;
        throw error;
      }
      judged += 1;
      expect({ source, body, result }).toEqual({ source, body, result: await byJsonata(source, body) });
    }
    expect(judged).toBeGreaterThan(3_000);
  });

  it.each([
    'a[0]',
    'a[]',
    'a.b[c=1]',
    '{ "a": 1 }{ "b": 2 }',
    '[1..3]',
    '$map(a, function($v) { $v })',
    '($x := 1; $x)',
    'a ~> $f',
    '$$.a',
    '{ a: 1 }',
    '{ "a": 1, "a": 2 }',
    'a > 1',
    '[a].b',
    'a.*',
    'a@$x.b',
    'a^(b)',
    '{ "__proto__": 1 }',
  ])('leaves %s to JSONata', (source) => {
    const quick = quickly(source);
    if (quick) expect(() => quick({ a: 1 }, {})).toThrow(notQuick);
    else expect(quick).toBeUndefined();
  });

  it('leaves a helper that is not there to JSONata', () => {
    expect(() => quickly('$missing(1)')?.({}, {})).toThrow(notQuick);
  });

  it('is what every mapping of the clinic is', () => {
    const { processes } = parse(readFileSync('integrations/clinic.yaml', 'utf8')) as {
      processes: Record<string, { entityTypes: Record<string, { map: string | Record<string, string> }> }>;
    };
    const sources = Object.values(processes).flatMap(({ entityTypes }) =>
      Object.values(entityTypes).flatMap(({ map }) => (typeof map === 'string' ? [map] : Object.values(map))),
    );
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((source) => quickly(source) === undefined)).toEqual([]);
  });
});
