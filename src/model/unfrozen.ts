/**
 * Keeps a schema out of reach: Temporal freezes what all workflows of a thread share, as far as it
 * finds it, and a schema changes as it is used.
 */
export function unfrozen<T>(schema: T): () => T {
  return () => schema;
}
