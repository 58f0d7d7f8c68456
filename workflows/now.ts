/** Now, as workflow code has it: the same when it is replayed. ISO 8601, UTC, milliseconds. */
export function now(): string {
  return new Date().toISOString();
}
