import type { Bookmark, Context, Instant } from '../connectors/connector.js';
import type { ClassifiedError } from '../model/classified-error.js';
import { stopOf } from '../errors/stop-of.js';
import { SystemFailure } from '../errors/system-failure.js';
import { maskFor, type Mask } from '../mapping/mask.js';
import type { SavedBookmark } from '../model/bookmark.js';
import { getOwn, setOwn } from '../model/keyed.js';
import { emptySheet, type Sheet } from '../model/sheet.js';
import type { Stop } from '../model/stop.js';
import { DryDestination } from './dry-destination.js';
import { limitedSource, type Limited } from './limited-source.js';
import { idsOf } from './masked-write.js';
import { MemoryRows } from './memory-rows.js';
import type { EntityTypeParts } from './parts.js';
import { NoteTaker, type PlanNotes } from './plan-notes.js';
import { PlannedWrites, type PlannedWrite } from './planned-writes.js';
import { syncChanges } from './sync-changes.js';
import { withParts } from './with-parts.js';

/** Writes of a type of which the destination is asked whether it would take them. */
const ASKS = 25;

/** What is asked of a plan. */
export interface PlanRequest {
  entityTypes?: string[];
  /** Where the process got to, by entity type. */
  bookmarks: Record<string, SavedBookmark>;
  since?: Instant;
  /** Records of each type that are read; 10,000 where absent. */
  limit?: number;
}

/** What a run of a process would do now. Plain JSON. */
export interface ProcessPlan {
  digest: string;
  types: TypePlan[];
}

export interface PlanWork {
  /** The types to plan, or all of them. */
  entityTypes?: string[];
  /** Where the process got to. */
  bookmarks: Record<string, Bookmark | null>;
  /** What was read before is planned too, from here on. */
  since?: Instant;
  /** Records of each type that are read. */
  limit: number;
  pageSize(system: string): number;
  /** @throws SystemFailure */
  horizonOf(system: string): Promise<Instant>;
  showValues: boolean;
}

/** What a run would do with one type, by the very pipeline. Plain JSON. */
export interface TypePlan {
  entityType: string;
  /** What lies behind its bookmark: what a rewind would alter of what was written before. */
  behind?: RangePlan;
  /** What the next run reads; absent where its source could not be asked. */
  next?: RangePlan;
  failures: PlannedFailure[];
  /** Who would download how many records. */
  downloads?: { by: string; records: number };
  stopped?: Stop;
}

export interface RangePlan extends PlanNotes {
  /** null: from the beginning. */
  from: Instant | null;
  until: Instant;
  sheet: Sheet;
  /** The limit was reached before its end. */
  more?: true;
}

/** Records that would fail for one reason. */
export interface PlannedFailure {
  count: number;
  /** The first of them. */
  id: string;
  error: ClassifiedError;
}

/**
 * Takes the changes of a process through the pipeline, type by type, without writing anything, and
 * tells what would be written. A system that fails stops its type. @throws Cancelled
 */
export async function planTypes(types: Record<string, EntityTypeParts>, work: PlanWork, c: Context): Promise<TypePlan[]> {
  const takers = new Map<string, NoteTaker>();
  // The type in hand alone: what is brought over for it counts on its sheet.
  const planned = new PlannedWrites((write) => takers.get(write.entityType)?.take(write));
  const sources = new Map<string, Limited>();
  const dry = withParts(types, ({ destination, source, definition: { name } }) => {
    const limited = limitedSource(source, work.limit);
    sources.set(name, limited);
    return { destination: new DryDestination(destination, planned, ASKS), source: limited.source };
  });
  const rows = new MemoryRows();
  const passed: Record<string, Instant | null> = {};
  for (const name of Object.keys(types)) setOwn(passed, name, getOwn(work.bookmarks, name)?.at ?? null);
  const plans: TypePlan[] = [];
  for (const [name, parts] of Object.entries(dry)) {
    if (work.entityTypes && !work.entityTypes.includes(name)) continue;
    const plan = await planType(parts, { ...work, rows, passed, takers, sources }, c);
    if (plan.next && !plan.stopped) setOwn(passed, name, plan.next.until);
    plans.push(plan);
  }
  return plans;
}

interface Planning extends PlanWork {
  rows: MemoryRows;
  passed: Record<string, Instant | null>;
  takers: Map<string, NoteTaker>;
  sources: ReadonlyMap<string, Limited>;
}

async function planType(parts: EntityTypeParts, planning: Planning, c: Context): Promise<TypePlan> {
  const { name: entityType, since: begins, from } = parts.definition;
  const { since, bookmarks, horizonOf, rows } = planning;
  const start = getOwn(bookmarks, entityType) ?? (begins === undefined ? null : { v: 1 as const, at: begins });
  let plan: Pick<TypePlan, 'behind' | 'next' | 'stopped'> = {};
  try {
    if (since !== undefined && start && since < start.at)
      plan = take('behind', await planRange(parts, { v: 1, at: since }, start.at, planning, c));
    const until = await horizonOf(from.system);
    const after = since !== undefined && !start ? { v: 1 as const, at: since } : start;
    if (!plan.stopped) plan = { ...plan, ...take('next', await planRange(parts, after, until, planning, c)) };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    plan = { ...plan, stopped: stopOf(error, from.system) };
  }
  const by = parts.downloadedBy;
  const records = (plan.behind?.sent ?? 0) + (plan.next?.sent ?? 0);
  return { entityType, ...plan, failures: failuresIn(rows, entityType), ...(by === undefined ? {} : { downloads: { by, records } }) };
}

function take(name: 'behind' | 'next', { range, stopped }: { range: RangePlan; stopped?: Stop }) {
  return { [name]: range, ...(stopped ? { stopped } : {}) };
}

async function planRange(
  parts: EntityTypeParts,
  after: Bookmark | null,
  until: Instant,
  { limit, pageSize, rows, passed, takers, sources, showValues }: Planning,
  c: Context,
): Promise<{ range: RangePlan; stopped?: Stop }> {
  const { name, from } = parts.definition;
  const taker = new NoteTaker((write) => (showValues ? undefined : maskOf(write, parts)));
  takers.clear();
  takers.set(name, taker);
  const range = { from: after?.at ?? null, until };
  // A `since` of the definition may lie ahead of all there is.
  if (after && after.at >= until) return { range: { ...range, sheet: emptySheet, ...taker.notes } };
  const result = await syncChanges(
    parts,
    {
      ...{ after, until, limit: Math.min(limit, pageSize(from.system)), rows, passed },
      shouldYield: () => false,
      onProgress: () => undefined,
    },
    c,
  );
  const { sheet, stopped } = result;
  return {
    range: { ...range, sheet, ...taker.notes, ...(sources.get(name)?.isCut() ? { more: true as const } : {}) },
    ...(stopped ? { stopped } : {}),
  };
}

function maskOf(write: PlannedWrite, parts: EntityTypeParts): Mask {
  return maskFor(parts.definition, [write.id, idsOf([write], parts)]);
}

/** The reasons for which records of a type fail, the most frequent first. */
function failuresIn({ rows }: MemoryRows, entityType: string): PlannedFailure[] {
  const found = new Map<string, PlannedFailure>();
  for (const { failure } of rows.values()) {
    if (failure?.kind !== 'errored' || failure.entityType !== entityType) continue;
    const { errorType, path = '', expression = '' } = failure.error;
    const reason = `${errorType}\0${path}\0${expression}`;
    const known = found.get(reason);
    if (known) known.count += 1;
    else found.set(reason, { count: 1, id: failure.id, error: failure.error });
  }
  return [...found.values()].sort((a, b) => b.count - a.count).slice(0, MAX_REASONS);
}

const MAX_REASONS = 20;
