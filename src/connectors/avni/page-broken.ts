import type { HttpResponse } from '../../http/http.js';

/** Thrown where a page fails on a server that is otherwise well: some record on it is at fault. */
export class PageBroken extends Error {
  override readonly name = 'PageBroken';

  /**
   * `answer`: what the server said; its text may hold a person's data. `odd`: it gave the page, and
   * this member of a row is of no form that can be read.
   */
  constructor(
    message: string,
    readonly answer: HttpResponse,
    readonly odd?: string,
  ) {
    super(message);
  }
}
