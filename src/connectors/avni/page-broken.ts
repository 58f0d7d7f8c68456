import type { HttpResponse } from '../../http/http.js';

/** Thrown where a page fails on a server that is otherwise well: some record on it is at fault. */
export class PageBroken extends Error {
  override readonly name = 'PageBroken';

  /** `answer`: what the server said; its text may hold a person's data. */
  constructor(
    message: string,
    readonly answer: HttpResponse,
  ) {
    super(message);
  }
}
