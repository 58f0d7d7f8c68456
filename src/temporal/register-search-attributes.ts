import type { Connection } from '@temporalio/client';
import {
  entityTypeKey,
  errorTypeKey,
  firstFailedAtKey,
  integrationProcessKey,
  retryAtKey,
  syncStateKey,
} from '../../workflows/search-attributes.js';
import { getOwn } from '../model/keyed.js';

/** The server's own numbers of types. */
const TYPES = { Keyword: 2, Datetime: 6 } as const;

/** Name → type, as the server lists them. */
export const searchAttributes: Readonly<Record<string, keyof typeof TYPES>> = {
  [integrationProcessKey.name]: 'Keyword',
  [entityTypeKey.name]: 'Keyword',
  [syncStateKey.name]: 'Keyword',
  [errorTypeKey.name]: 'Keyword',
  [firstFailedAtKey.name]: 'Datetime',
  [retryAtKey.name]: 'Datetime',
};

/** Those that the namespace lacks: without them no process can run. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(searchAttributes).filter((name) => !Object.hasOwn(listed.customAttributes ?? {}, name));
}

/**
 * Registers the search attributes that the namespace lacks; does nothing where all are there.
 * @returns the names it added.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, TYPES[getOwn(searchAttributes, name) ?? 'Keyword']])),
  });
  return missing;
}
