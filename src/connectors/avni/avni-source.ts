import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Bookmark, ChangeSource, Context, Instant, Page, SourceHealth, SourceRecord, Unreadable } from '../connector.js';
import { Approvals } from './approvals.js';
import { BrokenSpots } from './broken-spots.js';
import { BEGINNING, changes } from './changes.js';
import { checkConcepts } from './check-concepts.js';
import { checkType } from './check-type.js';
import { childrenOf } from './children.js';
import { endpoints, type Endpoint } from './endpoints.js';
import { fetchRecords } from './fetch.js';
import { groupIn } from './group.js';
import { withJoined, type Joined } from './joined.js';
import { pagesInTurn, placesIn, recordsBehind } from './joined-changes.js';
import { KnownType } from './known-type.js';
import { AvniLister } from './lister.js';
import { membershipsOf } from './memberships.js';
import { PageBroken } from './page-broken.js';
import { placeIn } from './place-of.js';
import { proven, surely } from './proven.js';
import { readGiven } from './read-given.js';
import type { AvniSession } from './session.js';
import { kindOf, type AvniRead } from './settings.js';

/** The records of one type of an Avni organisation, with what its settings join to each. */
export class AvniSource implements ChangeSource {
  private readonly lister: AvniLister;
  private readonly known: KnownType;
  private readonly joined: Joined[];
  /** One for each list that is read for changes. */
  private readonly spots: BrokenSpots[];

  /** `entityTypes`: parsed settings of all types of its process that are read from the system. */
  constructor(
    private readonly session: AvniSession,
    private readonly reads: AvniRead,
    private readonly entityTypes: Record<string, unknown>,
  ) {
    this.lister = new AvniLister(session, endpoints[reads.kind], reads.type);
    this.known = new KnownType(session, this.lister);
    const groups = (['members', 'memberships'] as const).filter((what) => reads[what]);
    this.joined = groups.map((what) => membershipsOf(session, reads.type, what));
    if (reads.approval && reads.kind !== 'location') this.joined.push(new Approvals(session, reads.kind));
    this.spots = [this.lister, ...this.joined].map(() => new BrokenSpots());
  }

  async hasChanges(after: Bookmark | null, until: Instant, c: Context): Promise<boolean> {
    const [own, ...others] = this.placesIn(after);
    if (own && (await this.changed(this.lister, own, until, c, this.known))) return true;
    for (const [index, { changes: lister }] of this.joined.entries()) {
      const place = others[index];
      if (place && (await this.changed(lister, place, until, c))) return true;
    }
    return false;
  }

  changes(after: Bookmark | null, until: Instant, limit: number, c: Context): AsyncIterable<Page> {
    if (this.joined.length === 0) return this.own(after, until, limit, c);
    return this.inTurn(after ?? { v: 1, at: BEGINNING }, until, limit, c);
  }

  fetch(ids: string[], c: Context): Promise<Map<string, SourceRecord | Unreadable>> {
    return this.fetchJoined(ids, c, this.known);
  }

  /** `known` where a record of another type says something of the type's name. */
  private async fetchJoined(ids: string[], c: Context, known?: KnownType): Promise<Map<string, SourceRecord | Unreadable>> {
    const found = await fetchRecords(this.session, this.lister, ids, c, known);
    if (this.joined.length === 0) return found;
    const joined = await withJoined([...found.values()], this.joined, c);
    return new Map([...found.keys()].map((id, index) => [id, joined[index]] as const).filter(isFound));
  }

  placeOf(record: SourceRecord): string | undefined {
    return placeIn(record);
  }

  read(given: unknown): SourceRecord | Unreadable {
    return readGiven(given, this.reads.kind, this.reads.type);
  }

  check(c: Context, concepts: readonly string[]): Promise<SourceHealth> {
    return checkType(this.lister, this.known, () => checkConcepts(this.session, concepts, c), c);
  }

  async *childrenOf(parent: { entityType: string; id: string }, c: Context): AsyncGenerator<SourceRecord | Unreadable> {
    const of = kindOf(getOwn(this.entityTypes, parent.entityType));
    for await (const child of surely(childrenOf(this.session, this.reads, of, parent.id, c), this.known, c))
      yield* this.joined.length === 0 ? [child] : await withJoined([child], this.joined, c);
  }

  private placesIn(after: Bookmark | null): Bookmark[] {
    if (this.joined.length === 0) return [after ?? { v: 1, at: BEGINNING }];
    return placesIn(after ?? { v: 1, at: BEGINNING }, this.joined.length + 1);
  }

  /** Changes of the records themselves, as their list gives them. */
  private own(after: Bookmark | null, until: Instant, limit: number, c: Context): AsyncIterable<Page> {
    return proven(this.ofType(changes(this.lister, after, until, limit, c, this.spots[0])), until, this.known, c);
  }

  /** Pages of a list that knows no types, without the records of other ones. */
  private async *ofType(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    const { endpoint, type } = this.lister;
    for await (const { records, bookmark } of pages)
      yield { records: records.filter((each) => !endpoint.untyped || 'error' in each || isNamed(each.body, endpoint, type)), bookmark };
  }

  /** A record comes where the last change of it, or of what is joined to it, stands. */
  private async *inTurn(after: Bookmark, until: Instant, limit: number, c: Context): AsyncGenerator<Page> {
    const others = this.joined.map(
      ({ changes: lister }, index) =>
        (from: Bookmark) =>
          changes(lister, from, until, limit, c, this.spots[index + 1]),
    );
    const pages = pagesInTurn(after, until, [(from) => this.own(from, until, limit, c), ...others]);
    for await (const { list, ...page } of pages) {
      const behind = this.joined[list - 1];
      const records = behind
        ? await recordsBehind(page, behind, (ids, each) => this.fetchJoined(ids, each), c)
        : (await withJoined(page.records, this.joined, c)).filter((record, index) => !isLater(record, page.records[index]));
      yield { ...page, records };
    }
  }

  private async changed(lister: AvniLister, after: Bookmark, until: Instant, c: Context, known?: KnownType): Promise<boolean> {
    if (groupIn(after, until)) return true;
    const window = { after: after.at, until };
    if (window.after >= until) return false;
    try {
      const [first] = (await lister.list(window, 0, 1, c)).rows;
      if (first && !lister.endpoint.untyped) known?.saw(first.id);
      if (first) return true;
    } catch (error) {
      // A record that breaks its page is a change too.
      if (error instanceof PageBroken) return true;
      throw error;
    }
    await known?.expect(c);
    return false;
  }
}

function isNamed(body: unknown, { field }: Endpoint, type: string): boolean {
  return isObject(body) && getOwn(body, field) === type;
}

/** It comes once more, by a later change of what is joined to it. */
function isLater(record: SourceRecord | Unreadable, listed: SourceRecord | Unreadable | undefined): boolean {
  return 'body' in record && listed !== undefined && 'body' in listed && record.modified > listed.modified;
}

function isFound(entry: readonly [string, SourceRecord | Unreadable | undefined]): entry is [string, SourceRecord | Unreadable] {
  return entry[1] !== undefined;
}
