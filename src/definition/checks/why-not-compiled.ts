import { getOwn } from '../../model/keyed.js';

/** Why an expression does not compile, in words, and where: characters into it. */
export interface NotCompiled {
  message: string;
  within: number;
  allowed?: string;
}

/** A rule: what JSONata says, and what stands before that place, is one mistake. */
interface Rule {
  /** Of what stands up to, and with, the token that JSONata stumbles over. */
  before: RegExp;
  says: (found: RegExpExecArray) => { message: string; allowed?: string };
}

const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*`;

/** What JSONata says of a name, or a text, that does not end. */
const OPEN: Readonly<Record<string, { sign: RegExp; message: string }>> = {
  S0105: { sign: /`[^`]*$/, message: 'A name in backticks begins here, and has no closing one.' },
  S0101: { sign: /["'][^"']*$/, message: 'A text in quotes begins here, and has no closing one.' },
};

/** The first that fits is told. */
const RULES: Rule[] = [
  {
    before: /[“”„‘’][^“”„‘’]*[“”„‘’]?$/,
    says: () => ({ message: 'Typographic quotes stand here.', allowed: 'straight quotes (") around a text, backticks (`) around a name' }),
  },
  { before: /={2,3}$/, says: () => ({ message: 'JSONata compares by one "=", not by "==".', allowed: 'a = b' }) },
  { before: /&&$/, says: () => ({ message: 'JSONata joins conditions by "and", not by "&&".', allowed: 'a and b' }) },
  { before: /\|{1,2}$/, says: () => ({ message: 'JSONata joins conditions by "or", not by "||".', allowed: 'a or b' }) },
  { before: /<>$/, says: () => ({ message: 'JSONata says "!=" where two differ, not "<>".', allowed: 'a != b' }) },
  { before: /!$/, says: () => ({ message: 'JSONata has no "!" of its own.', allowed: '$not(a), or a != b' }) },
  { before: /\/\/$/, says: () => ({ message: 'A comment stands between /* and */ in JSONata.', allowed: '/* … */' }) },
  {
    before: /,\s*([}\])])$/,
    says: ([, end]) => ({ message: `A comma stands before "${end}", and nothing behind it.`, allowed: 'no comma behind the last one' }),
  },
  {
    before: /"\s*$|"[^"]*"\s+"[^"]*"?$/,
    says: () => ({ message: 'A comma is missing between two members or items, or an operator between two texts.', allowed: ', or &' }),
  },
  {
    before: new RegExp(String.raw`(${WORD}(?:[ -]+[\p{L}\p{N}_]+)+)$`, 'u'),
    says: ([, name]) => ({
      message: `Backticks are missing: a name with a space or a hyphen in it stands in them, as \`${name}\`. Where that is no name, an operator or a comma is missing.`,
      allowed: `\`${name}\``,
    }),
  },
];

/** What is wrong with an expression that does not compile, as an implementer would say it. */
export function whyNotCompiled(text: string, { message = 'unknown', position, code, token }: CompileError): NotCompiled {
  const within = position === undefined ? 0 : Math.max(0, Math.min(position, text.trimEnd().length) - 1);
  if (/\bif\s*\(/.test(text) && !/\$if\b/.test(text))
    return { message: 'JSONata has no "if".', within: text.search(/\bif\s*\(/), allowed: 'condition ? this : otherwise' };
  const open = Object.hasOwn(OPEN, code ?? '') ? getOwn(OPEN, code ?? '') : undefined;
  if (open) return { message: open.message, within: Math.max(0, text.search(open.sign)) };
  const upTo = text.slice(0, position === undefined ? 0 : position + (code === 'S0301' ? 1 : 0));
  for (const { before, says } of position === undefined || token === '(end)' ? [] : RULES) {
    const found = before.exec(upTo);
    if (found) return { ...says(found), within: found.index + (found[0].length - found[0].trimStart().length) };
  }
  return { message: `The JSONata expression does not compile: ${message.replace(/\.$/, '')}.`, within };
}

/** What JSONata throws. */
export interface CompileError {
  message?: string;
  position?: number;
  code?: string;
  token?: unknown;
}
