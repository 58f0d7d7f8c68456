/** What commands use of the world. */
export interface Io {
  out(line: string): void;
  error(line: string): void;
  env: Record<string, string | undefined>;
  /**
   * Aborts when the command is told to end. Only who asks for it is told; until then the command is
   * ended at once.
   */
  readonly signal: AbortSignal;
}

/** An error that is told to the operator in words, without a stack. */
export class Told extends Error {
  override readonly name = 'Told';
}
