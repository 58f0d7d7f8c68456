import type { RecordError } from '../../../errors/record-error.js';
import { SystemFailure } from '../../../errors/system-failure.js';
import { isObject } from '../../../model/is-object.js';
import type { Context, SourceRecord, Unreadable } from '../../connector.js';
import { ORIGIN_TAG } from '../identity.js';
import { outsideItsPart } from '../part.js';
import { completeJoined, onServer } from './complete-joined.js';
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
    const own = (thin ? rows : this.ofPart(rows)).filter((row) => isOddEntry(row) || !this.isOwn(row));
    if (!thin) {
      const whole = await this.completed(own, c);
      return own.map((row, slot) => this.recordOrError(row, slot, whole));
    }
    const ids = own.flatMap((row) => (isOddEntry(row) ? [] : [row.id]));
    const fetched = await fetchResources(this.reader, ids, c);
    const complete = await this.completed(
      [...fetched.values()].flatMap((row) => ('resource' in row ? row : [])),
      c,
    );
    return own.flatMap((row, slot) => {
      if (isOddEntry(row)) return [this.recordOf(row, slot)];
      const whole = fetched.get(row.id);
      // Gone since it was listed: its deletion is a change of its own.
      if (!whole) return [];
      if ('error' in whole) return [{ id: row.id, stamp: row.stamp, slot, error: whole.error }];
      const error = 'odd' in whole ? undefined : this.whyOther(whole);
      if (error) return [{ id: row.id, stamp: row.stamp, slot, error }];
      return [this.recordOrError('odd' in whole ? { id: row.id, stamp: row.stamp, odd: whole.odd } : whole, slot, complete)];
    });
  }

  /** Of each row that is no odd one its whole, with all that is joined to it, or its error. */
  async completed(rows: readonly PlacedRow[], c: Context): Promise<Map<PlacedRow, ReadRow | RecordError>> {
    if (this.reader.settings.include === undefined) return new Map();
    return completeJoined(
      this.reader,
      rows.flatMap((row) => (isOddEntry(row) ? [] : row)),
      c,
    );
  }

  /** `whole`: what `completed` gave for this row, among others. */
  recordOrError(row: PlacedRow, slot: number, whole: ReadonlyMap<PlacedRow, ReadRow | RecordError>): SourceRecord | Unreadable {
    const made = whole.get(row) ?? row;
    if (!('code' in made)) return this.recordOf(made as PlacedRow, slot);
    return { ...(row.id !== undefined ? { id: row.id } : {}), stamp: row.stamp, slot, error: made };
  }

  recordOf(row: PlacedRow, slot: number): SourceRecord | Unreadable {
    if (isOddEntry(row)) {
      const { id, stamp } = row;
      return { ...(id !== undefined ? { id } : {}), stamp, slot, error: oddResource(this.reader.type, row) };
    }
    const { id, version, stamp, resource, included } = row;
    const joined = this.reader.settings.include === undefined ? {} : { included: joinedTo(resource, included, this.reader) };
    return { id, version, modified: stamp, voided: false, body: { ...resource, ...joined } };
  }

  /**
   * Why a record that was asked for by its id is not of the part that is read; undefined where it
   * is.
   */
  whyOther({ resource }: ReadRow): RecordError | undefined {
    return this.isOfPart(resource) ? undefined : otherPart(this.reader.type);
  }

  /**
   * Rows of which those that are not of the part that was asked for are odd. @throws SystemFailure
   * where none is: the server dropped what tells them apart
   */
  private ofPart(rows: readonly PlacedRow[]): PlacedRow[] {
    const [first] = rows.filter((row) => !isOddEntry(row));
    if (!first) return [...rows];
    const outside = new Set(rows.filter((row) => !isOddEntry(row) && !this.isOfPart(row.resource)));
    if (outside.size > 0 && rows.every((row) => isOddEntry(row) || outside.has(row))) throw partDropped(this.reader.place);
    return rows.map((row) => (outside.has(row) ? { id: row.id ?? '', stamp: row.stamp, odd: 'category, code or meta.tag' } : row));
  }

  private isOfPart(resource: object): boolean {
    return outsideItsPart(resource, this.reader.settings) === undefined;
  }

  /** Whether this integration wrote it. */
  isOwn({ resource }: ReadRow): boolean {
    return this.integration !== undefined && originCodes(resource).some((code) => code.startsWith(`${this.integration}/`));
  }
}

/** To leave it out would have what depends on it filtered, as if it were gone. */
function otherPart(type: string): RecordError {
  return {
    code: 'OtherType',
    message: `The FHIR server has it as a ${type} of another category, code or tag than the one that is read.`,
    remedy: 'Correct it on the server, or leave out by “when” what depends on such ones; or read more of the type.',
  };
}

function partDropped(place: string): SystemFailure {
  return new SystemFailure({
    code: 'FilterDropped',
    needsPerson: true,
    message: `${place}: it gives resources of other categories, codes or tags than were asked for: it drops that search parameter.`,
    remedy: 'Have the search parameter switched on there, or tell the records apart by “when”.',
  });
}

/** Codes of a resource's origin tags. */
export function originCodes(resource: Record<string, unknown>): string[] {
  const tags = isObject(resource['meta']) ? resource['meta']['tag'] : undefined;
  return (Array.isArray(tags) ? (tags as unknown[]) : []).flatMap((tag) =>
    isObject(tag) && tag['system'] === ORIGIN_TAG && typeof tag['code'] === 'string' ? [tag['code']] : [],
  );
}

/** What a resource refers to and came with it, by the reference as it stands in the resource. */
function joinedTo(resource: Record<string, unknown>, included: ReadonlyMap<string, unknown>, reader: FhirReader): Record<string, unknown> {
  const found = [...referencesIn(resource)].flatMap((reference) => {
    const relative = onServer(reference, reader);
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
