import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { avniErrorTypes } from '../../src/connectors/avni/error-types.js';
import { fhirErrorTypes } from '../../src/connectors/fhir/error-types.js';
import { builtInErrorTypes } from '../../src/errors/built-in.js';
import type { ErrorType } from '../../src/errors/error-type.js';
import { check, edited } from '../definition/support.js';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const cell = (text: string): string => text.replaceAll('|', '\\|');
const THEN = { retry: 'tried again', 'wait-for-person': 'waits for a person', ignore: 'kept aside', stop: 'stops the type' };

/** How a type is recognised, for a person. */
function sign({ equals, contains, matches, status, code, keep }: ErrorType): string {
  const signs = [
    ...(code !== undefined ? [`code \`${code}\``] : []),
    ...(status !== undefined ? [`status ${status}`] : []),
    ...(equals !== undefined ? [`is \`${equals}\``] : []),
    ...(contains !== undefined ? [`has \`${contains}\``] : []),
    ...(matches !== undefined ? [`matches \`${matches}\``] : []),
    ...(keep.length > 0 ? [`keeps ${keep.join(', ')}`] : []),
  ];
  return signs.join('; ');
}

/** The table as it must stand in the page. */
function table(types: readonly ErrorType[], withSign: boolean): string {
  const rows = types.map((type) => [`\`${type.name}\``, ...(withSign ? [sign(type)] : []), THEN[type.then], type.remedy]);
  const head = ['error type', ...(withSign ? ['recognised by'] : []), 'then', 'remedy'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

describe('docs/errors.md', () => {
  it.each([
    ['the engine’s', builtInErrorTypes, false],
    ['Avni’s', avniErrorTypes, true],
    ['FHIR’s', fhirErrorTypes, true],
  ] as const)('has %s error types, each with its remedy', (_name, types, withSign) => {
    expect(page).toContain(table(types, withSign));
  });

  it('has an example that is valid', async () => {
    const [, example = ''] = /```yaml\n(errorTypes:\n[^`]+)```/.exec(page) ?? [];
    const { definition, problems } = await check(edited('processes:', `${example}processes:`));
    expect(problems).toEqual([]);
    expect(definition?.errorTypes.length).toBe(3);
  });
});
