import { RE2JS, type Matcher } from 're2js';
import { compileRe2 } from '../../errors/pattern.js';

type Match = (string | undefined)[] & { index: number };

const compiled = new WeakMap<RegExp, RE2JS>();

/**
 * What JSONata makes its regular expressions of, in place of `RegExp`: RE2, which looks through a
 * text once and so cannot hang. JSONata asks for `exec` and `lastIndex` alone, as of a global
 * `RegExp`.
 */
export class RegexEngine {
  /** Where the next search begins. */
  lastIndex = 0;
  private readonly re2: RE2JS;
  /** Of the last text: its matches are asked for one after the other. */
  private searched: { text: string; matcher: Matcher } | undefined;

  /** @throws Error for one that is no RE2: the definition check refuses it before. */
  constructor(written: RegExp) {
    this.re2 = compiledOf(written);
  }

  exec(text: string): Match | null {
    const from = this.lastIndex;
    this.lastIndex = 0;
    if (from > text.length) return null;
    if (this.searched?.text !== text) this.searched = { text, matcher: this.re2.matcher(text) };
    const { matcher } = this.searched;
    if (!matcher.find(from)) return null;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
    this.lastIndex = matcher.end();
    const found = groups as Match;
    found.index = matcher.start();
    return found;
  }
}

/** Why a regular expression cannot be used, or undefined where it can. */
export function regexProblem(written: RegExp): string | undefined {
  const re2 = re2Of(written);
  return 'problem' in re2 ? re2.problem : undefined;
}

function compiledOf(written: RegExp): RE2JS {
  const known = compiled.get(written);
  if (known) return known;
  const re2 = re2Of(written);
  if ('problem' in re2) throw new Error(`The regular expression is not RE2: ${re2.problem}`);
  compiled.set(written, re2);
  return re2;
}

/** Would be taken for its letters. */
const REFERENCE_BY_NAME = /(?<!\\)(?:\\\\)*\\k</;

/** Of its flags `i` and `m` count: JSONata knows no others. */
function re2Of({ source, flags }: RegExp): RE2JS | { problem: string } {
  if (REFERENCE_BY_NAME.test(source)) return { problem: 'it has no references back, such as `\\k<name>`' };
  const ignoringCase = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  const multiline = flags.includes('m') ? RE2JS.MULTILINE : 0;
  return compileRe2(() => RE2JS.translateRegExp(source), ignoringCase | multiline);
}
