import type { Key, SourceRecord, WriteRequest } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import type { Mapped, MappingScope } from '../mapping/mapping.js';
import { shownConcept } from '../mapping/shown-concept.js';
import { erroredBy } from './decide.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { requestOf } from './request-of.js';
import { getOwn } from '../model/keyed.js';

/** What the expressions make of a record, being worked out. */
export type Asked = Promise<Pick<Mapped, 'resources' | 'unmapped'> & { keys: Promise<Record<string, Key>> }>;

/** Has a record mapped whose parents are there: those that are asked for together are mapped together. */
export function askMapping(record: SourceRecord, { mapping }: EntityTypeParts, scope: MappingScope, signal?: AbortSignal): Asked {
  const keys = mapping.keys(record.body, signal);
  // What `map` throws comes first.
  keys.catch(() => undefined);
  const asked = mapping.map(record.body, scope, signal).then((mapped) => ({ ...mapped, keys }));
  // It may fail before anyone awaits it.
  asked.catch(() => undefined);
  return asked;
}

/** What writes a record that was mapped, or what becomes of it otherwise. */
export async function mapRecord(
  record: SourceRecord,
  parts: EntityTypeParts,
  asked: Asked,
): Promise<Outcome | { request: WriteRequest; unmapped: string[] }> {
  try {
    const { resources, unmapped, keys: asking } = await asked;
    if (unmapped.length > 0 && parts.definition.concepts.unmapped === 'hold') return { fate: 'errored', error: unmappedError(unmapped) };
    const keys = await asking;
    const shaped: WriteRequest['resources'] = [];
    for (const [name, mapped] of Object.entries(resources)) {
      const shape = parts.destination.shape(name, mapped);
      if (!shape) continue;
      if ('error' in shape) return { fate: 'errored', error: { ...shape.error, expression: `map.${name}` } };
      const key = getOwn(keys, name);
      shaped.push({ name, ...shape, ...(key ? { key } : {}) });
    }
    // Nothing left of it: what was once written for it goes.
    const request = shaped.length > 0 ? requestOf(record, parts, 'upsert', shaped) : requestOf(record, parts, 'remove');
    return { request, unmapped: shown(unmapped) };
  } catch (error) {
    return erroredBy(error);
  }
}

function unmappedError(concepts: string[]): RecordError {
  const message = `It has values for concepts that no expression reads: ${concepts.length}.`;
  const names = shown(concepts);
  return {
    code: 'UnmappedConcepts',
    message,
    remedy: 'Let the mapping read them, or name them under concepts.ignore.',
    path: names.join(', '),
    ...(names.some((name) => !concepts.includes(name)) ? { detail: `${message} ${concepts.join(', ')}` } : {}),
  };
}

function shown(concepts: string[]): string[] {
  return [...new Set(concepts.map(shownConcept))];
}
