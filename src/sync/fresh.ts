import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import type { Surroundings } from './batch.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { processRecords } from './process-records.js';
import type { RetryWork } from './retry-work.js';
import type { OpenRow } from './rows.js';

/** Records as their source has them now; undefined: it has them no more. */
export type Fresh = Map<string, SourceRecord | Unreadable | undefined>;

export interface Settled {
  record: SourceRecord;
  outcome: Outcome;
  /** Its source has it no more. */
  absent: boolean;
}

/**
 * Processes records that were just read, and records what came of others for their sake. `found` is
 * of the entity type of `parts`.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function processFresh(
  found: Fresh,
  parts: EntityTypeParts,
  around: Surroundings,
  { rows, expectHealthy, now }: Pick<RetryWork, 'rows' | 'expectHealthy' | 'now'>,
  c: Context,
): Promise<{ settled: Settled[]; unreadable: (Unreadable & { id: string })[] }> {
  if ([...found.values()].includes(undefined)) await expectHealthy(c);
  const unreadable: (Unreadable & { id: string })[] = [];
  const records: SourceRecord[] = [];
  for (const [id, record] of found) {
    if (record && 'error' in record) unreadable.push({ ...record, id });
    else records.push(record ?? absentRecord(id, rows.find(parts.definition.name, id), now()));
  }
  const { outcomes, failures, inStep } = await processRecords(records, parts, around, c);
  await rows.record(failures, c);
  await rows.inStep(inStep, c);
  const settled = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    return outcome ? [{ record, outcome, absent: found.get(record.id) === undefined }] : [];
  });
  return { settled, unreadable };
}

/**
 * A record that is gone goes the way of a voided one: the removal policy of its type applies. It
 * counts as the state its row has: with a newer one each try would be the first, and the record
 * could not close its row once its source has it again.
 */
function absentRecord(id: string, row: OpenRow | undefined, now: Instant): SourceRecord {
  const { version, stamp } = row && row.version !== '' ? row : { version: now, stamp: now };
  return { id, version, modified: stamp, voided: true, body: {} };
}
