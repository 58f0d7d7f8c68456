/**
 * Why there is no whole answer. `code` is Node's own where it has one, `status` that of the answer
 * where its head came. Of `badProxy` the code says what is wrong with which variable.
 */
export class ExchangeFailed extends Error {
  override readonly name = 'ExchangeFailed';
  constructor(
    readonly why: 'timedOut' | 'failed' | 'cutShort' | 'tooLarge' | 'notUtf8' | 'badProxy',
    readonly code: string,
    readonly status?: number,
  ) {
    super(`${why} (${code})`);
  }
}
