import type { Problem } from '../definition/definition.js';
import { inOneLine } from './printable.js';

/** A problem of a definition in a line: place, path, what is wrong, what is allowed, code. */
export function problemText(problem: Problem): string {
  const { file, line, column, path, message, allowed, code } = inOneLine(problem);
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}${allowed !== undefined ? ` Allowed: ${allowed}.` : ''} (${code})`;
}
