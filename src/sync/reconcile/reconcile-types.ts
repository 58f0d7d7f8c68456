import type { Context, Page, SourceRecord, Unreadable } from '../../connectors/connector.js';
import { stopOf } from '../../errors/stop-of.js';
import { SystemFailure } from '../../errors/system-failure.js';
import type { Bookmark } from '../../model/bookmark.js';
import { before, type Instant } from '../../model/instant.js';
import { getOwn } from '../../model/keyed.js';
import { idOf, stampOf } from '../failures-of.js';
import type { EntityTypeParts } from '../parts.js';
import { readAhead } from '../read-ahead.js';
import { findExtra } from './find-extra.js';
import { IdsSeen } from './ids-seen.js';
import { judge, type Judged } from './judge.js';
import type { TypeReconciliation } from './reconciliation.js';
import { MAX_FOUND, Report } from './report.js';

/** What of a process is reconciled. */
export interface ReconcileWork {
  /** These types, or all of them. */
  entityTypes?: string[];
  /** Where the process got to: what came later is still to come. */
  bookmarks: Record<string, Bookmark | null>;
  pageSize(system: string): number;
  /** For types of which nobody knows how far they got. @throws SystemFailure */
  horizonOf(system: string): Promise<Instant>;
  showValues: boolean;
}

/**
 * Holds both systems of a process against each other, record by record and type by type, and writes
 * nothing. What is held meanwhile is a page and what is told: it does not grow with the records. A
 * system that fails stops its type. @throws Cancelled
 */
export async function reconcileTypes(
  types: Record<string, EntityTypeParts>,
  work: ReconcileWork,
  c: Context,
): Promise<TypeReconciliation[]> {
  const told: TypeReconciliation[] = [];
  let mostFound = MAX_FOUND;
  for (const name of Object.keys(types)) {
    if (work.entityTypes && !work.entityTypes.includes(name)) continue;
    const type = await reconcileType(name, types, { ...work, mostFound }, c);
    mostFound -= type.found.length;
    told.push(type);
  }
  return told;
}

async function reconcileType(
  entityType: string,
  types: Record<string, EntityTypeParts>,
  { bookmarks, horizonOf, pageSize, showValues, mostFound }: ReconcileWork & { mostFound: number },
  c: Context,
): Promise<TypeReconciliation> {
  const parts = getOwn(types, entityType);
  if (!parts) throw new Error(`No entity type ${entityType}`);
  const { from, since, whenVoided } = parts.definition;
  const report = new Report(parts, showValues, mostFound);
  const seen = new IdsSeen();
  let until: Instant | undefined;
  try {
    const bookmark = getOwn(bookmarks, entityType);
    until = bookmark ? passedBy(bookmark) : await horizonOf(from.system);
    const after = since === undefined ? null : { v: 1 as const, at: since };
    const pages = after && after.at >= until ? [] : readAhead(parts.source.changes(after, until, pageSize(from.system), c));
    for await (const page of pages) await reconcilePage(unseen(page, seen), entityType, types, report, c);
    // What is kept where its record goes is there by right.
    const isListed = whenVoided === 'keep' || (await findExtra(entityType, types, { seen, report }, c));
    return { entityType, ...report.told(until), ...(isListed ? {} : { unlisted: true as const }) };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return { entityType, ...report.told(until), stopped: stopOf(error, from.system) };
  }
}

/** Up to where all is done: a place lies in the middle of what has one stamp. */
function passedBy({ at, place }: Bookmark): Instant {
  return place === undefined ? at : before(at, 1);
}

/** Each record once, in its newest state. */
function unseen({ records }: Page, seen: IdsSeen): Page['records'] {
  const newest = new Map<string, Page['records'][number]>();
  for (const record of records) {
    const id = recordId(record);
    const other = newest.get(id);
    if (!seen.has(id) && (!other || stampOf(other) <= stampOf(record))) newest.set(id, record);
  }
  for (const id of newest.keys()) seen.add(id);
  return [...newest.values()];
}

async function reconcilePage(
  records: Page['records'],
  entityType: string,
  types: Record<string, EntityTypeParts>,
  report: Report,
  c: Context,
): Promise<void> {
  report.read += records.length;
  const byId = new Map(records.map((record) => [recordId(record), record]));
  const judged = await judge(records, entityType, types, c);
  const again: (SourceRecord | Unreadable)[] = [];
  for (const each of judged) {
    const record = byId.get(each.id);
    if (!record) continue;
    if (isSettled(each, record)) report.add(each, record);
    else again.push(record);
  }
  await lookAgain(again, entityType, types, report, c);
}

/** Nothing is said of a record by one look, but that it is in step, waits, or cannot be named. */
function isSettled({ standing }: Judged, record: SourceRecord | Unreadable): boolean {
  return standing === 'inStep' || standing === 'held' || record.id === undefined;
}

/**
 * Records may have changed between the look at one system and the look at the other: each is read
 * once more, and held against its destination once more.
 */
async function lookAgain(
  records: (SourceRecord | Unreadable)[],
  entityType: string,
  types: Record<string, EntityTypeParts>,
  report: Report,
  c: Context,
): Promise<void> {
  const source = getOwn(types, entityType)?.source;
  if (!source || records.length === 0) return;
  const now = await source.fetch(records.map(recordId), c);
  const same = new Map<string, SourceRecord | Unreadable>();
  for (const record of records) {
    const fresh = now.get(recordId(record)) ?? (isVoided(record) ? record : undefined);
    if (fresh && isSame(fresh, record)) same.set(recordId(record), fresh);
    else report.addChanged(record);
  }
  for (const each of await judge([...same.values()], entityType, types, c)) report.add(each, same.get(each.id));
}

function isVoided(record: SourceRecord | Unreadable): boolean {
  return !('error' in record) && record.voided;
}

/** What cannot be read has no version. */
function isSame(a: SourceRecord | Unreadable, b: SourceRecord | Unreadable): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b;
  return a.version === b.version && a.voided === b.voided;
}

function recordId(record: SourceRecord | Unreadable): string {
  return 'error' in record ? idOf(record) : record.id;
}
