import { describe, expect, it } from '@jest/globals';
import { RegexEngine, regexProblem } from '../../src/mapping/regex/regex-engine.js';

interface Engine {
  lastIndex: number;
  exec(text: string): ((string | undefined)[] & { index: number }) | null;
}

/**
 * All matches, one after the other as JSONata asks for them: up to one of nothing, where it ends.
 */
function matches(regex: Engine, text: string): { at: number; groups: (string | undefined)[] }[] {
  const found: ReturnType<typeof matches> = [];
  for (regex.lastIndex = 0; ;) {
    const from = regex.lastIndex;
    const match = regex.exec(text);
    if (!match) return found;
    found.push({ at: match.index, groups: [...match] });
    if (match[0] === '' || regex.lastIndex >= text.length || regex.lastIndex <= from) return found;
  }
}

describe('a regular expression of a mapping', () => {
  it.each<[RegExp, string]>([
    [/[a-z]+(\d+)/g, 'ab12cd3'],
    [/([a-z])(x)?(\d+)/g, 'ab12cx3'],
    [/ab/gi, 'AbaB'],
    [/^t/gm, 'one\ntwo\nthree'],
    [/(\w+)\s(\w+)/g, 'John Smith'],
    [/\d{2}$/g, 'नमस्ते 12'],
    [/(?<day>\d+)-(?<month>\d+)/g, '21-11 and 1-2'],
    [/z/g, 'none'],
  ])('finds with %s what it does in JavaScript', (written, text) => {
    expect(matches(new RegexEngine(written), text)).toEqual(matches(new RegExp(written), text));
  });

  it('looks through a text once that would take JavaScript longer than anyone waits', () => {
    expect(matches(new RegexEngine(/^(a+)+$/g), `${'a'.repeat(60)}!`)).toEqual([]);
    expect(new RegexEngine(/^(a+)+$/).exec('aaa')?.[0]).toBe('aaa');
  });

  it.each([/(a)\1/, /(?<n>a)\k<n>/, /a(?=b)/, /(?<!a)b/])('is refused where RE2 has no such thing: %s', (written) => {
    expect(regexProblem(written)).toBeDefined();
  });
});
