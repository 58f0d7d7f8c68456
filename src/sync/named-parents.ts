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
  signal: AbortSignal,
): Promise<Map<SourceRecord, Named>> {
  const named = await Promise.all(
    [...records].map(async (record): Promise<[SourceRecord, Named][]> => {
      try {
        return [[record, await mapping.parentIds(record.body, signal)]];
      } catch (error) {
        if (error instanceof MappingFailed) return [];
        throw error;
      }
    }),
  );
  return new Map(named.flat());
}

/** The parents of one type that any of these are, each once. */
export function distinct(named: Iterable<Named>, entityType: string): string[] {
  return [...new Set([...named].flatMap((parents) => getOwn(parents, entityType) ?? []))];
}
