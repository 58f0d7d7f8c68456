import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { getOwn } from '../model/keyed.js';
import { DryDestination } from './dry-destination.js';
import type { RecordFailure } from './failures.js';
import { MemoryRows } from './memory-rows.js';
import { Memory } from './memory.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import { PlannedWrites, type PlannedWrite } from './planned-writes.js';
import { processRecords } from './process-records.js';
import { unreadableAt } from './unreadable-at.js';
import { Watch, watchedMapping, type Gave } from './watched-mapping.js';
import { withParts } from './with-parts.js';

/**
 * What would become of a record if it were processed now. Errors have their whole text: it is for
 * the eyes of who asked, never to be kept.
 */
export interface DryRun {
  /** `absent`: its source has no such record. */
  outcome: { result: 'absent' } | Outcome;
  /** As it was looked at. */
  record?: SourceRecord;
  /** What its expressions gave, in the order in which they were run. */
  gave: Gave[];
  /** What `$parent` and `$ref` gave it. */
  references: unknown[];
  /** What would be written for it and, before it, for its parents. */
  writes: PlannedWrite[];
  /** What failed on the way, such as a parent. */
  failures: RecordFailure[];
}

/**
 * Reads one record afresh, or takes the one that is given, and takes it through the pipeline,
 * parents first, without writing anything anywhere. `given` may be the place of a record that
 * cannot be read (`@<stamp>#<slot>`).
 *
 * @throws SystemFailure, Cancelled.
 */
export async function dryRun(
  given: string | SourceRecord,
  entityType: string,
  types: Record<string, EntityTypeParts>,
  c: Context,
): Promise<DryRun> {
  const plain = getOwn(types, entityType);
  if (!plain) throw new Error(`No entity type ${entityType}`);
  const nothing = { gave: [], references: [], writes: [], failures: [] };
  const record = typeof given === 'string' ? await readOne(given, plain, c) : given;
  if (!record) return { outcome: { result: 'absent' }, ...nothing };
  if ('error' in record) return { outcome: { result: 'errored', error: record.error }, ...nothing };
  const writes: PlannedWrite[] = [];
  const planned = new PlannedWrites((write) => writes.push(write));
  const watch = new Watch(record.body);
  const watched = withParts(types, ({ destination, mapping, definition }) => ({
    destination: new DryDestination(destination, planned),
    mapping: watchedMapping(mapping, definition, watch),
  }));
  const parts = getOwn(watched, entityType) ?? plain;
  const { outcomes, failures } = await processRecords([record], parts, { memory: new Memory(), rows: new MemoryRows() }, c);
  const [outcome] = outcomes;
  if (!outcome) throw new Error('The pipeline gave no outcome');
  return { outcome, record, gave: watch.gave, references: watch.references, writes, failures };
}

/** The error of a dry run's record, if it failed itself. */
export function errorOf({ outcome }: Pick<DryRun, 'outcome'>): RecordError | undefined {
  return outcome.result === 'errored' ? outcome.error : undefined;
}

async function readOne(id: string, parts: EntityTypeParts, c: Context): Promise<SourceRecord | Unreadable | undefined> {
  const stamp = stampOfPlace(id);
  if (stamp !== undefined) return (await unreadableAt(stamp, parts, c)).get(id);
  return (await parts.source.fetch([id], c)).get(id);
}
