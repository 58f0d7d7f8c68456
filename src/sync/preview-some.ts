import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import { getOwn } from '../model/keyed.js';
import { idOf } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';
import { preview, type Preview, type PreviewOptions } from './preview.js';

/** Which records of a type: one by its id, or some of those that are not voided, oldest first. */
export type Wanted = { id: string } | { sample: number; until: Instant } | { record: SourceRecord };

/** Pages that are read to find records for a sample. */
const MAX_PAGES = 10;

/** Previews of the records that are wanted. @throws SystemFailure, Cancelled */
export async function previewSome(
  wanted: Wanted,
  entityType: string,
  types: Record<string, EntityTypeParts>,
  options: PreviewOptions,
  c: Context,
): Promise<Preview[]> {
  const parts = getOwn(types, entityType);
  if (!parts) throw new Error(`No entity type ${entityType}`);
  const all: Preview[] = [];
  const given = 'id' in wanted ? [wanted.id] : 'record' in wanted ? [wanted.record] : await sampleIds(wanted, parts, c);
  for (const each of given) all.push(await preview(each, entityType, types, options, c));
  return all;
}

async function sampleIds({ sample, until }: { sample: number; until: Instant }, { source, definition }: EntityTypeParts, c: Context) {
  const found = new Set<string>();
  const after = definition.since === undefined ? null : { v: 1 as const, at: definition.since };
  let pages = 0;
  for await (const { records } of source.changes(after, until, sample, c)) {
    for (const record of records) if (found.size < sample && isOfUse(record)) found.add('error' in record ? idOf(record) : record.id);
    pages += 1;
    if (found.size >= sample || pages >= MAX_PAGES) break;
  }
  return [...found];
}

/** One that is voided shows nothing of its mapping. */
function isOfUse(record: SourceRecord | Unreadable): boolean {
  return 'error' in record || !record.voided;
}
