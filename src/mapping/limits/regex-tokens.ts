import { RE2JS } from 're2js';

/** A part of a regular expression as JavaScript writes it. */
export interface RegexToken {
  /** `atom`: matches one character; `edge`: `^` or `$`; `other`: groups, alternatives, repetitions, word boundaries. */
  kind: 'atom' | 'edge' | 'other';
  /** The same in RE2. */
  re2: string;
}

const TOKEN =
  /(?<other>\\[bB]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[)|]|(?:[*+?]|\{\d+(?:,\d*)?\})\??)|(?<edge>[$^])|\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|[pP][A-Z]|\d+|k<[^>]*>|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/g;

/** What JavaScript takes for a space beyond RE2's, which knows those of ASCII: a no-break space stands in many a name that was pasted. */
const MORE_SPACES = '\\x0b\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const SPACES = `${MORE_SPACES}\\s`;
/** All of them. */
const EACH_SPACE = [...Array(0x10000).keys()].map((code) => String.fromCharCode(code)).filter((character) => /\s/.test(character));
/** What no `.` is in JavaScript; RE2's takes all but the first. */
const LINE_ENDS = '\\n\\r\\x{2028}\\x{2029}';
const MEMBERS = new Map<string, string | readonly string[]>([
  ['\\s', SPACES],
  ['\\S', []],
  ['\\b', '\\x08'],
  ['^', '\\^'],
  // Letters, which RE2 gives a meaning.
  ...[...'AEQaz'].map((letter) => [`\\${letter}`, letter] as const),
]);
const ANYTHING = '[\\x00-\\x{10FFFF}]';
const NOTHING = '[^\\x00-\\x{10FFFF}]';

/** The parts of a regular expression; what RE2 means otherwise than JavaScript, said in RE2 as JavaScript means it. @throws RE2JSException for a class it has not */
export function regexTokens(source: string): RegexToken[] {
  return [...source.matchAll(TOKEN)].map(({ 0: part, groups }) => {
    if (groups?.['edge'] !== undefined) return { kind: 'edge', re2: part };
    return groups?.['other'] !== undefined ? { kind: 'other', re2: RE2JS.translateRegExp(part) } : { kind: 'atom', re2: atom(part) };
  });
}

function atom(part: string): string {
  if (part === '.') return `[^${LINE_ENDS}]`;
  if (part === '\\s') return `[${SPACES}]`;
  if (part === '\\S') return `[^${SPACES}]`;
  if (/^\\[AEQaz]$/.test(part)) return part.slice(1);
  // A reference back, which would be translated to the letter.
  if (part.startsWith('\\k')) return part;
  if (part === '[]') return NOTHING;
  if (part === '[^]') return ANYTHING;
  return part.length > 1 && part.startsWith('[') ? characterClass(part) : RE2JS.translateRegExp(part);
}

function characterClass(part: string): string {
  const negated = part.startsWith('[^');
  const members = [...part.slice(negated ? 2 : 1, -1).matchAll(/\\?[^]/g)].map(([member]) => member);
  const listed = listOf(members.map((member, index) => (member === '-' && besideNoSpace(members, index) ? '\\-' : member)));
  if (!members.includes('\\S')) return negated ? `[^${listed.slice(1)}` : listed;
  if (!negated) return `(?:${listed}|[^${SPACES}])`;
  // All but what is no space: spaces alone are left.
  const isListed = RE2JS.compile(listed);
  const left = EACH_SPACE.filter((space) => !isListed.testExact(space)).map((space) => `\\x{${space.charCodeAt(0).toString(16)}}`);
  return left.length > 0 ? `[${left.join('')}]` : NOTHING;
}

function besideNoSpace(members: string[], index: number): boolean {
  return members[index - 1] === '\\S' || members[index + 1] === '\\S';
}

/** A class of members, but for `\S`. */
function listOf(members: string[]): string {
  const rest = members.flatMap((member) => MEMBERS.get(member) ?? member);
  return RE2JS.translateRegExp(`[${rest.length > 0 ? rest.join('') : '^\\x00-\\x{10FFFF}'}]`);
}
