import { describe, expect, it } from '@jest/globals';
import { regexEngine, regexProblem } from '../../../src/mapping/limits/regex-engine.js';

interface Match {
  at: number;
  groups: (string | undefined)[];
}

/** All matches, one after the other as JSONata asks for them: up to one of nothing, where it ends. */
function matches(
  regex: { lastIndex: number; exec(text: string): ((string | undefined)[] & { index: number }) | null },
  text: string,
): Match[] {
  const found: Match[] = [];
  for (regex.lastIndex = 0; ;) {
    const from = regex.lastIndex;
    const match = regex.exec(text);
    if (!match) return found;
    found.push({ at: match.index, groups: [...match] });
    if (match[0] === '' || regex.lastIndex >= text.length || regex.lastIndex <= from) return found;
  }
}

const Engine = regexEngine(undefined);
const compare = (written: RegExp, text: string): [ours: Match[], native: Match[]] => [
  matches(new Engine(written), text),
  matches(new RegExp(written), text),
];

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const ATOMS = [
  'a',
  'A',
  '0',
  '.',
  '\\s',
  '\\S',
  '\\w',
  '\\W',
  '\\d',
  '\\n',
  '\\r',
  '\\u2028',
  ' ',
  '[^a]',
  '[^\\S\\n]',
  '[\\S]',
  '[\\s\\S]',
];
const MORE_ATOMS = [
  '[\\n0]',
  '[^\\n]',
  '[^\\r\\n]',
  '[a-z ]',
  '[^]',
  '[]',
  '[\\S-]',
  '[a-\\S0]',
  '[\\^a]',
  '\\x0a',
  '\\t',
  '-',
  '\\D',
  '[^^]',
  '[\\S^a]',
];
const EDGES = ['^', '$', '^', '$', '\\b', '\\B'];
const REPEATS = ['', '', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,2}'];
const CHARACTERS = ['a', 'A', '0', ' ', '-', '\n', '\r', '\r\n', '\u2028', '\u2029', '\u00a0', '\t', 'न'];

function expressions(pick: (below: number) => number, count: number): RegExp[] {
  const one = <T>(from: readonly T[]): T => from[pick(from.length)] as T;
  const atom = (): string => one(pick(3) === 0 ? MORE_ATOMS : ATOMS);
  const item = (): string => {
    const kind = pick(10);
    if (kind < 4) return one(EDGES);
    if (kind < 8) return atom() + one(REPEATS);
    // A group within a repetition keeps its last match here, as in RE2, and not in JavaScript: none has one.
    return one(['(', '(?:', '(?<g>']) + some(1 + pick(2)) + (pick(3) === 0 ? `|${some(1 + pick(2))}` : '') + ')';
  };
  const some = (most: number): string => Array.from({ length: most }, item).join('');
  const made = Array.from({ length: count }, () => [
    `${some(1 + pick(4))}${pick(5) === 0 ? `|${some(1 + pick(2))}` : ''}`,
    `g${one(['', 'i', 'm', 'm', 'im'])}`,
  ]);
  // One name twice is no expression.
  return made.flatMap(([source = '', flags]) => (source.split('?<g>').length > 2 ? [] : [new RegExp(source, flags)]));
}

function texts(pick: (below: number) => number, count: number): string[] {
  return Array.from({ length: count }, () => Array.from({ length: pick(7) }, () => CHARACTERS[pick(CHARACTERS.length)]).join(''));
}

describe('a regular expression of a mapping', () => {
  it('finds what it does in JavaScript, whatever ends the lines', () => {
    const pick = numbers(7);
    const all = expressions(pick, 4000);
    const usable = all.filter((written) => regexProblem(written) === undefined);
    expect(usable.length).toBeGreaterThan(all.length * 0.95);
    const different = usable.flatMap((written) =>
      texts(pick, 40).flatMap((text) => {
        const [ours, native] = compare(written, text);
        return JSON.stringify(ours) === JSON.stringify(native) ? [] : [{ written: String(written), text, ours, native }];
      }),
    );
    expect(different.slice(0, 5)).toEqual([]);
  });

  it.each<[RegExp, string]>([
    [/a.b/g, 'a\rb a\u2028b a\u2029b a\nb a-b'],
    [/a$/gm, 'a\ra\u2028a\r\na'],
    [/^a/gm, 'a\ra\u2028a\r\na'],
    [/^\s*$\n/gm, 'one\r\n\r\ntwo\n\nthree'],
    [/(?:b$|a)(\r?\n)^(.*)$/gm, 'a\r\nlast 0\rb\nx'],
    [/^(\d+)\b.*$/gm, '10 a\r20 b\u202830'],
    [/^.+$/gim, 'Asha \ud83d\ude00\rxs0-\nनम'],
    [/^0$/gm, '0\r00\r0'],
    [/[^\S\r\n]+$/gm, 'a \u00a0\r\nb\t'],
  ])('finds with %s what it does in JavaScript', (written, text) => {
    const [ours, native] = compare(written, text);
    expect(native).not.toEqual([]);
    expect(ours).toEqual(native);
  });

  it('is refused in words where RE2 has no such class', () => {
    expect(regexProblem(/[^\Sz-\d]/)).toMatch(/range|escape/);
  });

  it.each([/(a)\1/, /(?<n>a)\k<n>/, /a(?=b)/, /(?<!a)b/])('is refused where RE2 has no such thing: %s', (written) => {
    expect(regexProblem(written)).toBeDefined();
  });
});
