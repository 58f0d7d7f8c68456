/** Thrown where an expression meets something that JSONata itself has to judge. */
export class NotQuick extends Error {
  // A stack is costly to take, and nobody reads it.
  static override stackTraceLimit = 0;
}
