import type { Context } from '../connectors/connector.js';
import type { ClassifiedError } from '../model/classified-error.js';
import { getOwn } from '../model/keyed.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Result } from '../model/sheet.js';
import { dryRun, type DryRun } from './dry-run.js';
import { listChildren } from './list-children.js';
import { shownConcept } from '../mapping/shown-concept.js';
import type { EntityTypeParts } from './parts.js';

/** Records of one trace. */
const MAX_RECORDS = 200;

/** How a record stands in both systems: no value of it. Plain JSON. */
export interface TracedRecord extends RecordRef {
  /** Steps below the topmost parent. */
  depth: number;
  /** The state that its source has; absent where it has none. */
  version?: string;
  created?: string;
  voided?: true;
  /** What a run would come to: `unchanged` where it is in step. */
  outcome: Result | 'absent';
  /** What stands, or would stand, in the destination, and what would become of it. */
  written: { type: string; id?: string; would: 'create' | 'update' | 'remove' | 'stay'; elements?: string[] }[];
  /** Why it would fail. */
  error?: ClassifiedError;
  /** The record that it would wait on. */
  on?: RecordRef;
}

/** All records of one person's way. Plain JSON. */
export interface Trace {
  records: TracedRecord[];
  /** There are more. */
  more?: true;
}

/**
 * The way of one record through the types of its process: what it depends on, itself, and what
 * depends on it, each as it stands in its source and its destination. Nothing is written.
 *
 * @throws SystemFailure, Cancelled
 */
export async function trace(record: RecordRef, types: Record<string, EntityTypeParts>, c: Context): Promise<Trace> {
  const top = await topOf(record, types, c);
  const found = new Map<string, Traced>();
  const known = new Set<string>([keyOf(top), keyOf(record)]);
  const queue: RecordRef[] = [...new Map([top, record].map((each) => [keyOf(each), each])).values()];
  let more = false;
  for (let next = queue.shift(); next; next = queue.shift()) {
    const run = await dryRun(next.id, next.entityType, types, c);
    found.set(keyOf(next), { record: traced(next, run, types), parents: parentsOf(run, next.entityType, types) });
    const children = run.record ? await childrenOf(next, types, c) : [];
    for (const child of children) {
      if (known.has(keyOf(child))) continue;
      if (known.size >= MAX_RECORDS) more = true;
      else {
        known.add(keyOf(child));
        queue.push(child);
      }
    }
  }
  return { records: laidOut(found), ...(more ? { more: true as const } : {}) };
}

/** A record, and what it depends on: the nearest last. */
interface Traced {
  record: Omit<TracedRecord, 'depth'>;
  parents: string[];
}

/** Each record under the nearest that it depends on. */
function laidOut(found: ReadonlyMap<string, Traced>): TracedRecord[] {
  const below = new Map<string | undefined, Traced[]>();
  for (const each of found.values()) {
    const parent = each.parents.findLast((key) => found.has(key) && key !== keyOf(each.record));
    below.set(parent, [...(below.get(parent) ?? []), each]);
  }
  const laid: TracedRecord[] = [];
  const queue = (below.get(undefined) ?? []).map((each) => ({ each, depth: 0 }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { each, depth } = next;
    laid.push({ ...each.record, depth });
    queue.unshift(...(below.get(keyOf(each.record)) ?? []).map((child) => ({ each: child, depth: depth + 1 })));
  }
  return laid;
}

function parentsOf({ gave }: DryRun, entityType: string, types: Record<string, EntityTypeParts>): string[] {
  return Object.keys(getOwn(types, entityType)?.parents ?? {}).flatMap((name) => {
    const id = gave.find(({ expression }) => expression === `dependsOn.${name}`)?.value;
    return typeof id === 'string' ? [keyOf({ entityType: name, id })] : [];
  });
}

/** The first parent of the first parent, and so on. */
async function topOf(record: RecordRef, types: Record<string, EntityTypeParts>, c: Context): Promise<RecordRef> {
  let top = record;
  for (const seen = new Set<string>(); !seen.has(keyOf(top));) {
    seen.add(keyOf(top));
    const parts = getOwn(types, top.entityType);
    const found = parts && (await parts.source.fetch([top.id], c)).get(top.id);
    if (!parts || !found || 'error' in found) return top;
    const ids = await parts.mapping.parentIds(found.body, c.signal).catch(() => ({}));
    const [entityType] = Object.keys(parts.parents);
    const id = entityType === undefined ? undefined : getOwn<Record<string, string | undefined>, string>(ids, entityType);
    if (entityType === undefined || id === undefined) return top;
    top = { entityType, id };
  }
  return top;
}

async function childrenOf({ entityType, id }: RecordRef, types: Record<string, EntityTypeParts>, c: Context): Promise<RecordRef[]> {
  const found: RecordRef[] = [];
  for (const [name, child] of Object.entries(getOwn(types, entityType)?.children ?? {}))
    for await (const listed of listChildren(entityType, [id], child, c)) {
      found.push(...listed.map(({ record }) => ({ entityType: name, id: record.id })));
      if (found.length > MAX_RECORDS) return found;
    }
  return found;
}

function traced(ref: RecordRef, run: DryRun, types: Record<string, EntityTypeParts>): Traced['record'] {
  const { outcome, record, writes } = run;
  const classify = getOwn(types, ref.entityType)?.classify;
  const write = writes.find(({ entityType, id }) => entityType === ref.entityType && id === ref.id);
  return {
    ...ref,
    outcome: outcome.result,
    ...(record ? { version: record.version } : {}),
    ...(record?.created === undefined ? {} : { created: record.created }),
    ...(record?.voided ? { voided: true as const } : {}),
    written: write ? writtenBy(write) : [],
    ...('error' in outcome && classify ? { error: classify(outcome.error) } : {}),
    ...('on' in outcome ? { on: outcome.on } : {}),
  };
}

function writtenBy({ resources, outcome: { changes = [] } }: DryRun['writes'][number]): TracedRecord['written'] {
  const changed = changes.map(({ what, type, id, elements }) => ({
    type,
    would: what,
    ...(id === undefined ? {} : { id }),
    ...(elements.length > 0 ? { elements: elements.map(({ path }) => shownConcept(path)) } : {}),
  }));
  const stays = resources.filter(({ type, id }) => !changes.some((each) => each.type === type && (each.id ?? id) === id));
  return [...stays.map(({ type, id }) => ({ type, would: 'stay' as const, ...(id === undefined ? {} : { id }) })), ...changed];
}
