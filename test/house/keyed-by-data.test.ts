import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { keyedByData } from '../../scripts/eslint/keyed-by-data.js';

const libraries = new Map<string, ts.SourceFile | undefined>();

function library(name: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!libraries.has(name)) libraries.set(name, read());
  return libraries.get(name);
}

/** What the rule says of a file with this code. */
function foundIn(code: string): (string | undefined)[] {
  const text = `${HEAD}\n${code}`;
  const host = ts.createCompilerHost({});
  const source = ts.createSourceFile('code.ts', text, ts.ScriptTarget.ES2022, true);
  const options: ts.CompilerOptions = { lib: ['lib.es5.d.ts'], types: [], strict: true };
  const program = ts.createProgram(['code.ts'], options, {
    ...host,
    getSourceFile: (name, ...rest) => (name === 'code.ts' ? source : library(name, () => host.getSourceFile(name, ...rest))),
  });
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { programs: [program] } },
    plugins: { sangam: { rules: { 'keyed-by-data': keyedByData } } },
    rules: { 'sangam/keyed-by-data': 'error' },
  } as Linter.Config;
  return new Linter().verify(text, [config], 'code.ts').map(({ messageId, message }) => messageId ?? message);
}

const HEAD =
  'declare const key: string; declare const by: Record<string, number>; declare const kind: "a" | "b"; declare const list: number[];';

describe('the lint rule for what is keyed by data', () => {
  it.each([
    ['a reading by any text', 'export const x = by[key];', 'read'],
    ['one of what may not be there', 'declare const more: { by?: typeof by }; export const x = more.by?.[key];', 'read'],
    ['one by a pattern', 'export const { [key]: x } = by;', 'read'],
    [
      'one by a key of a generic type',
      'export const at = <T extends Record<string, number>, K extends keyof T>(of: T, k: K) => of[k];',
      'read',
    ],
    ['a writing', 'by[key] = 1;', 'write'],
    ['a counting', 'by[key] += 1;', 'write'],
    ['a step', 'by[key]++;', 'write'],
    ['a default', 'by[key] ??= 1;', 'write'],
    ['a question', 'export const x = key in by;', 'asked'],
    ['Object.assign', 'Object.assign(by, { a: 1 });', 'assigned'],
  ])('refuses %s', (_, code, messageId) => {
    expect(foundIn(code)).toEqual([messageId]);
  });

  it('lets stand what no data names: known names, places in lists, taking away, making anew', () => {
    const code = `export const x = [by['a'], by.b, ({ a: 1, b: 2 })[kind], list[0], list[by['a'] ?? 0], { ...by, [key]: 1 }, Object.fromEntries([[key, 1]])];
      delete by[key]; export const y = 'a' in by;
      declare const name: keyof typeof known; declare const known: { a: 1 }; export const z = known[name];`;
    expect(foundIn(code)).toEqual([]);
  });
});
