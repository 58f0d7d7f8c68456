import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';

/** Instructions of a compiled pattern: looking through a text takes time in proportion to both. */
const LARGEST = 500;

/** An RE2 expression, compiled: it cannot hang, whatever the text. */
export interface Pattern {
  /** Its named groups. */
  groups: string[];
  /**
   * Named group → what it matched, empty where it took no part; undefined where the text has no
   * match.
   */
  match(text: string): Record<string, string> | undefined;
}

/** Every definition has the built-in ones, and a compiled one holds no state. */
const compiledPatterns = new LRUCache<string, Pattern | { problem: string }>({ max: 500 });

/** Compiles an RE2 expression, once; `problem` says in words why it cannot be used. */
export function compilePattern(source: string): Pattern | { problem: string } {
  const pattern = compiledPatterns.get(source) ?? compile(source);
  compiledPatterns.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern | { problem: string } {
  const compiled = compileRe2(() => source, 0);
  if ('problem' in compiled) return compiled;
  const groups = Object.keys(compiled.namedGroups());
  return {
    groups,
    match: (text) => {
      const matcher = compiled.matcher(text);
      if (!matcher.find()) return undefined;
      return Object.fromEntries(groups.map((name) => [name, matcher.group(name) ?? '']));
    },
  };
}

/**
 * An RE2 expression with flags of RE2JS; what making the source throws of RE2JS is a `problem` too.
 * `largest`: instructions it may have.
 */
export function compileRe2(source: () => string, flags: number, largest = LARGEST): RE2JS | { problem: string } {
  try {
    const compiled = RE2JS.compile(source(), flags);
    return compiled.programSize() > largest ? { problem: 'it is too large; make its repetitions smaller' } : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message.replace(/^error parsing regexp: /, '') };
    throw error;
  }
}
