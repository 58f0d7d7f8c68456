import { SystemFailure } from '../../errors/system-failure.js';
import type { Context } from '../connector.js';
import type { FhirClient } from './client.js';
import type { Operation } from './operations.js';
import { searchAll } from './search.js';
import { shows } from './shown.js';

/**
 * Of operations whose answers do not show that they were done, those of which a search by ids does:
 * one for each type and 200 of them. Of the others it says nothing, since an index may lag
 * behind, and a server may not know the search.
 *
 * @throws Cancelled
 */
export async function shownBySearch(
  client: FhirClient,
  operations: Operation[],
  serverAdds: readonly string[],
  c: Context,
): Promise<ReadonlySet<Operation>> {
  const shown = new Set<Operation>();
  const puts = operations.filter(({ method, create }) => method === 'PUT' && create === undefined);
  for (const type of new Set(puts.map((operation) => operation.type))) {
    const some = puts.filter((operation) => operation.type === type);
    const found = await foundOf(client, type, some, c);
    for (const operation of some) if (shows(found.get(operation.id), operation, { base: client.base, serverAdds })) shown.add(operation);
  }
  return shown;
}

/** By id. A failure of the system shows where each is asked for by itself. */
async function foundOf(client: FhirClient, type: string, operations: Operation[], c: Context): Promise<Map<string, unknown>> {
  const ids = operations.map(({ id }) => id);
  try {
    const { found } = await searchAll(client, type, '_id', ids, c);
    return new Map(found.map((resource) => [resource.id, resource]));
  } catch (error) {
    if (error instanceof SystemFailure) return new Map();
    throw error;
  }
}
