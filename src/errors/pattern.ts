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
  const compiled = compiledOf(() => RE2JS.compile(source));
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

/** A regular expression as JavaScript writes it, of which the flags `i` and `m` count, as RE2. */
export function compileRe2(source: string, flags: string): RE2JS | { problem: string } {
  const asked = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
  return compiledOf(() => RE2JS.compile(RE2JS.translateRegExp(meantByJavaScript(source)), asked));
}

/** What JavaScript takes for a space beyond RE2's, which knows those of ASCII: a no-break space stands in many a name that was pasted. */
const MORE_SPACES = '\\x0b\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** With spaces as JavaScript has them. */
function meantByJavaScript(source: string): string {
  let within = false;
  return source.replace(/\\.|[[\]]/gs, (part) => {
    if (part === '[' || part === ']') within = part === '[';
    else if (part === '\\s') return within ? `${MORE_SPACES}\\s` : `[${MORE_SPACES}\\s]`;
    else if (part === '\\S' && !within) return `[^${MORE_SPACES}\\s]`;
    return part;
  });
}

function compiledOf(compile: () => RE2JS): RE2JS | { problem: string } {
  try {
    const compiled = compile();
    return compiled.programSize() > LARGEST ? { problem: 'it is too large; make its repetitions smaller' } : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message.replace(/^error parsing regexp: /, '') };
    throw error;
  }
}
