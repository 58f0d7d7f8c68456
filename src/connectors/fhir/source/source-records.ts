import { isObject } from '../../../model/is-object.js';
import type { Context, SourceRecord, Unreadable } from '../../connector.js';
import { ORIGIN_TAG } from '../identity.js';
import { fetchResources, oddResource } from './fetch-resources.js';
import type { FhirReader } from './fhir-reader.js';
import type { PlacedRow } from './placed-rows.js';
import { isOddEntry, type ReadRow } from './source-entries.js';

/** Deeper than R4's own resources are. */
const MAX_DEPTH = 50;

/** Makes records of rows: what Sangam wrote itself, for this integration, is none. */
export class SourceRecords {
  constructor(
    private readonly reader: FhirReader,
    private readonly integration: string | undefined,
  ) {}

  /** `thin`: the rows tell one from another alone, so each record is read by itself. */
  async of(rows: readonly PlacedRow[], thin: boolean, c: Context): Promise<(SourceRecord | Unreadable)[]> {
    const own = rows.filter((row) => isOddEntry(row) || !this.isOwn(row));
    if (!thin) return own.map((row, slot) => this.recordOf(row, slot));
    const ids = own.flatMap((row) => (isOddEntry(row) ? [] : [row.id]));
    const fetched = await fetchResources(this.reader, ids, c);
    return own.flatMap((row, slot) => {
      if (isOddEntry(row)) return [this.recordOf(row, slot)];
      const whole = fetched.get(row.id);
      // Gone since it was listed: its deletion is a change of its own.
      if (!whole) return [];
      if ('error' in whole) return [{ id: row.id, stamp: row.stamp, slot, error: whole.error }];
      return [this.recordOf('odd' in whole ? { id: row.id, stamp: row.stamp, odd: whole.odd } : whole, slot)];
    });
  }

  recordOf(row: PlacedRow, slot: number): SourceRecord | Unreadable {
    if (isOddEntry(row)) {
      const { id, stamp } = row;
      return { ...(id !== undefined ? { id } : {}), stamp, slot, error: oddResource(this.reader.type, row) };
    }
    const { id, version, stamp, resource, included } = row;
    const joined = this.reader.settings.include === undefined ? {} : { included: joinedTo(resource, included) };
    return { id, version, modified: stamp, voided: false, body: { ...resource, ...joined } };
  }

  /** Whether this integration wrote it. */
  isOwn({ resource }: ReadRow): boolean {
    return this.integration !== undefined && originCodes(resource).some((code) => code.startsWith(`${this.integration}/`));
  }
}

/** Codes of a resource's origin tags. */
export function originCodes(resource: Record<string, unknown>): string[] {
  const tags = isObject(resource['meta']) ? resource['meta']['tag'] : undefined;
  return (Array.isArray(tags) ? (tags as unknown[]) : []).flatMap((tag) =>
    isObject(tag) && tag['system'] === ORIGIN_TAG && typeof tag['code'] === 'string' ? [tag['code']] : [],
  );
}

/** What a resource refers to and came with it, by the reference as it stands in the resource. */
function joinedTo(resource: Record<string, unknown>, included: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const found = [...referencesIn(resource)].flatMap((reference) => {
    const [, relative] = /([A-Z]\w*\/[\w.-]+)(?:\/_history\/[\w.-]+)?$/.exec(reference) ?? [];
    const joined = relative === undefined ? undefined : included.get(relative);
    return joined === undefined ? [] : [[reference, joined] as const];
  });
  return Object.fromEntries(found);
}

/** All that a resource refers to, as it stands there. */
export function* referencesIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [name, each] of Object.entries(value)) {
    if (name === 'reference' && typeof each === 'string') yield each;
    else yield* referencesIn(each, depth + 1);
  }
}
