import type { Connection } from '@temporalio/client';
import { entityTypeKey, integrationProcessKey, syncStateKey } from '../../workflows/search-attributes.js';

const KEYWORD = 2;

/** Names as the server lists them. */
export const searchAttributeNames: readonly string[] = [integrationProcessKey, entityTypeKey, syncStateKey].map((key) => key.name);

/** Registers the search attributes that the namespace lacks; does nothing where all are there. @returns the names it added. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributeNames.filter((name) => !(name in (listed.customAttributes ?? {})));
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
  });
  return missing;
}
