import type { SourceRecord } from '../connectors/connector.js';
import { MappingFailed } from '../mapping/mapping.js';
import type { EntityTypeParts } from './parts.js';
import { getOwn } from '../model/keyed.js';

/** Parent entity type → the parent's record id. */
export type Named = Record<string, string | undefined>;

/** By record, the parents that it names; one whose parents cannot be told is left out, since its own try says what is wrong. */
export async function namedParents(
  records: Iterable<SourceRecord>,
  { mapping }: Pick<EntityTypeParts, 'mapping'>,
): Promise<Map<SourceRecord, Named>> {
  const named = new Map<SourceRecord, Named>();
  for (const record of records) {
    try {
      named.set(record, await mapping.parentIds(record.body));
    } catch (error) {
      if (!(error instanceof MappingFailed)) throw error;
    }
  }
  return named;
}

/** The parents of one type that any of these are, each once. */
export function distinct(named: Iterable<Named>, entityType: string): string[] {
  return [...new Set([...named].flatMap((parents) => getOwn(parents, entityType) ?? []))];
}
