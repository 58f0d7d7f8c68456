import type { RecordError } from '../../../errors/record-error.js';
import type {
  Bookmark,
  ChangeSource,
  Context,
  Instant,
  Origin,
  Page,
  SourceHealth,
  SourceOptions,
  SourceRecord,
  Unreadable,
} from '../../connector.js';
import type { FhirClient } from '../client.js';
import { childrenOf } from './children-by-reference.js';
import { deletions, hasDeletions } from './deletions.js';
import { fetchResources, oddResource } from './fetch-resources.js';
import { fhirChanges, restOfStamp, type Order } from './fhir-changes.js';
import { FhirReader } from './fhir-reader.js';
import { gone, isTimeToLook } from './gone.js';
import { originsOfReferences } from './origins.js';
import { placedRows } from './placed-rows.js';
import { checkSource } from './check-source.js';
import { isOddEntry, rowOfResource } from './source-entries.js';
import { SourceRecords } from './source-records.js';
import { bookmarkAt, placeOf } from './source-place.js';
import type { FhirSourceSettings } from './source-settings.js';

/** Of a record that cannot be given: where in its list it stands is not known. */
const UNPLACED = { stamp: '1970-01-01T00:00:00.000Z', slot: 0 } as const;

/** Resources of one type of a FHIR server, or a part of them, as they change. */
export class FhirSource implements ChangeSource {
  private readonly reader: FhirReader;
  private readonly records: SourceRecords;
  private readonly order: Order;

  constructor(
    private readonly client: FhirClient,
    private readonly settings: FhirSourceSettings,
    private readonly options: SourceOptions,
  ) {
    this.reader = new FhirReader(client, settings);
    this.records = new SourceRecords(this.reader, options.integration);
    this.order = { sorted: settings.sorted };
  }

  async hasChanges(after: Bookmark | null, until: Instant, c: Context): Promise<boolean> {
    if (placeOf(after) !== undefined) return true;
    const window = { after: after?.at, until };
    if (window.after !== undefined && window.after >= until) return false;
    // Two, since on a server of whole seconds what is done may come first.
    const page = await this.reader.page(this.reader.path.window(window, { count: 2, sorted: true, thin: true }), c);
    if (typeof page === 'string' || placedRows(page.rows, window, false).length > 0) return true;
    if (page.next !== undefined || (page.total ?? 0) > page.rows.length) return true;
    // A server that names no pages, and does not count, may have more behind those.
    if (page.total === undefined && !page.linked && page.rows.length > 0) return true;
    return this.settings.deleted === 'history' && after !== null && hasDeletions(this.reader, after.at, until, c);
  }

  async *changes(after: Bookmark | null, until: Instant, limit: number, c: Context): AsyncGenerator<Page> {
    const place = placeOf(after);
    const reading = { reader: this.reader, records: this.records, until, limit, order: this.order, c };
    const { standing } = this.options;
    let at = after?.at;
    // A look that was begun is left where nothing is to be looked for any more.
    const looks = this.settings.deleted === 'reread';
    if (after && place && 'gone' in place && standing && looks)
      yield* gone(this.reader, standing, { at: after.at, from: place.gone.from }, c);
    if (after && place && 'within' in place) {
      yield* restOfStamp(reading, after, place.within);
      at = place.within.stamp;
    }
    // Also behind such a rest: the reading may have begun with an earlier bound.
    if (this.settings.deleted === 'history' && at !== undefined)
      yield* deletions(this.reader, { after: at, until, limit, ...(place && 'deleted' in place ? { done: place.deleted } : {}) }, c);
    if (!after || !standing || !this.looksForGone(after, until)) return yield* fhirChanges(reading, at);
    const begun = bookmarkAt(until, { gone: {} });
    for await (const page of fhirChanges(reading, at)) {
      const { at: done, place: inside } = page.bookmark;
      yield done >= until && inside === undefined ? { ...page, bookmark: begun } : page;
    }
    yield* gone(this.reader, standing, { at: until }, c);
  }

  looksForGone(after: Bookmark, until: Instant): boolean {
    return isTimeToLook(this.settings, after, until);
  }

  async fetch(ids: string[], c: Context): Promise<Map<string, SourceRecord | Unreadable>> {
    const rows = await fetchResources(this.reader, ids, c);
    const found = new Map<string, SourceRecord | Unreadable>();
    const whole = await this.records.completed(
      [...rows.values()].flatMap((row) => ('resource' in row ? row : [])),
      c,
    );
    for (const [id, row] of rows) {
      if ('error' in row) found.set(id, { ...UNPLACED, id, error: row.error });
      else if ('odd' in row) found.set(id, { ...UNPLACED, id, error: oddResource(this.reader.type, row) });
      else if (!this.records.isOwn(row)) {
        const error = this.records.whyOther(row);
        found.set(id, error ? { ...UNPLACED, id, error } : this.records.recordOrError(row, 0, whole));
      }
    }
    return found;
  }

  async *childrenOf(parent: { entityType: string; id: string }, c: Context): AsyncGenerator<SourceRecord | Unreadable> {
    const children = await childrenOf(this.reader, this.options.entityTypes, parent, c);
    const others = children.filter((row) => isOddEntry(row) || !this.records.isOwn(row));
    const whole = await this.records.completed(others, c);
    for (const row of others) yield this.records.recordOrError(row, 0, whole);
  }

  read(given: unknown): SourceRecord | Unreadable {
    const row = rowOfResource(given, this.reader.type);
    return this.records.recordOf(isOddEntry(row) ? { ...row, stamp: UNPLACED.stamp } : row, UNPLACED.slot);
  }

  originsOf(references: string[], c: Context): Promise<Map<string, Origin[] | RecordError>> {
    return originsOfReferences(this.client, references, c);
  }

  check(c: Context): Promise<SourceHealth> {
    return checkSource(this.reader, c);
  }
}
