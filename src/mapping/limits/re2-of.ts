import { RE2JS } from 're2js';
import { compileRe2 } from '../../errors/pattern.js';
import { edgedSource } from './line-edges.js';
import { regexTokens, type RegexToken } from './regex-tokens.js';

/** A regular expression as JavaScript writes it, as RE2. */
export interface Re2 {
  pattern: RE2JS;
  /** The one for texts that `withEdges` wrote; absent where the plain one finds what JavaScript does in any text. */
  edged?: RE2JS;
}

/** Room for whatever the plain one may be: an instruction of it becomes ten at most. */
const LARGEST_EDGED = 6000;

/** Of its flags `i` and `m` count. `problem` says in words why it cannot be used. */
export function re2Of({ source, flags }: RegExp): Re2 | { problem: string } {
  const ignoringCase = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  const multiline = flags.includes('m') ? RE2JS.MULTILINE : 0;
  const tokens = (): RegexToken[] => regexTokens(source);
  const pattern = compileRe2(() => joined(tokens()), ignoringCase | multiline);
  if ('problem' in pattern) return pattern;
  if (multiline === 0 || !tokens().some(({ kind }) => kind === 'edge')) return { pattern };
  const edged = compileRe2(() => edgedSource(tokens(), ignoringCase), ignoringCase | multiline, LARGEST_EDGED);
  return 'problem' in edged ? edged : { pattern, edged };
}

function joined(tokens: RegexToken[]): string {
  return tokens.map(({ re2 }) => re2).join('');
}
