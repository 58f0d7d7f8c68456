import { RE2JS, RE2JSException } from 're2js';

/** Instructions of a compiled pattern: looking through a text takes time in proportion to both. */
const LARGEST = 500;

/** An RE2 expression, compiled: it cannot hang, whatever the text. */
export interface Pattern {
  /** Its named groups. */
  groups: string[];
  /** Named group → what it matched, empty where it took no part; undefined where the text has no match. */
  match(text: string): Record<string, string> | undefined;
}

/** Compiles an RE2 expression; `problem` says in words why it cannot be used. */
export function compilePattern(source: string): Pattern | { problem: string } {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message.replace(/^error parsing regexp: /, '') };
    throw error;
  }
  if (compiled.programSize() > LARGEST) return { problem: 'it is too large; make its repetitions smaller' };
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
