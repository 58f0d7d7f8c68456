/** Thrown where a page fails on a server that is otherwise well: some record on it is at fault. */
export class PageBroken extends Error {
  override readonly name = 'PageBroken';
}
