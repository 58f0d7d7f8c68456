import { bytesOf } from '../../model/clean.js';
import { MAX_WAITING, type WaitingChild } from '../../model/waiting-child.js';

/** Children in one message, and bytes of them: well within what a row takes, and Temporal. */
const MAX_CHILDREN = MAX_WAITING / 2;
const MAX_BYTES = 500_000;

/** Children in messages of a size that is taken. */
export function inParts(children: WaitingChild[]): WaitingChild[][] {
  const parts: WaitingChild[][] = [];
  let bytes = 0;
  for (const child of children) {
    const last = parts.at(-1);
    const more = bytesOf(child) + 1;
    if (last && last.length < MAX_CHILDREN && bytes + more <= MAX_BYTES) {
      last.push(child);
      bytes += more;
    } else {
      parts.push([child]);
      bytes = more;
    }
  }
  return parts;
}
