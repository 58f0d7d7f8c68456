import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { getOwn } from '../model/keyed.js';
import { DryDestination, PlannedWrites, type PlannedWrite } from './dry-destination.js';
import type { RecordFailure } from './failures.js';
import { MemoryRows } from './memory-rows.js';
import { Memory } from './memory.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import { processRecords } from './process-records.js';
import { unreadableAt } from './unreadable-at.js';
import { withDestinations } from './with-destinations.js';

/**
 * What would become of a record if it were processed now. Errors have their whole text: it is for
 * the eyes of who asked, never to be kept.
 */
export interface DryRun {
  /** `absent`: its source has no such record. */
  outcome: { result: 'absent' } | Outcome;
  /** Of its state that was looked at. */
  version?: string;
  voided?: boolean;
  /** What would be written for it and, before it, for its parents. */
  writes: PlannedWrite[];
  /** What failed on the way, such as a parent. */
  failures: RecordFailure[];
}

/**
 * Reads one record afresh and takes it through the pipeline, parents first, without writing
 * anything anywhere. `id` may be the place of a record that cannot be read (`@<stamp>#<slot>`).
 *
 * @throws SystemFailure, Cancelled.
 */
export async function dryRun(id: string, entityType: string, types: Record<string, EntityTypeParts>, c: Context): Promise<DryRun> {
  const planned = new PlannedWrites();
  const parts = getOwn(
    withDestinations(types, (destination) => new DryDestination(destination, planned)),
    entityType,
  );
  if (!parts) throw new Error(`No entity type ${entityType}`);
  const nothing = { writes: [], failures: [] };
  const record = await readOne(id, parts, c);
  if (!record) return { outcome: { result: 'absent' }, ...nothing };
  if ('error' in record) return { outcome: { result: 'errored', error: record.error }, ...nothing };
  const { outcomes, failures } = await processRecords([record], parts, { memory: new Memory(), rows: new MemoryRows() }, c);
  const [outcome] = outcomes;
  if (!outcome) throw new Error('The pipeline gave no outcome');
  return { outcome, version: record.version, voided: record.voided, writes: planned.all, failures };
}

/** The error of a dry run's record, if it failed itself. */
export function errorOf({ outcome }: DryRun): RecordError | undefined {
  return outcome.result === 'errored' ? outcome.error : undefined;
}

async function readOne(id: string, parts: EntityTypeParts, c: Context): Promise<SourceRecord | Unreadable | undefined> {
  const stamp = stampOfPlace(id);
  if (stamp !== undefined) return (await unreadableAt(stamp, parts, c)).get(id);
  return (await parts.source.fetch([id], c)).get(id);
}
