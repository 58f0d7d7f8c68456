import type { Client } from '@temporalio/client';
import type { ActiveProcess } from '../assembly/active-process.js';
import type { Context } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { Judging } from '../sync/judging.js';
import type { Outcome } from '../sync/outcome.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { retryRecords } from '../sync/retry.js';
import { stampOfPlace } from '../sync/place.js';
import { rowsOf } from './rows/rows-of.js';

/** What became of a record that was brought over by itself. */
export interface RecordSynced {
  /** `gone`: its source has no such record; the outcome is then that of the removal policy. A place is gone where nothing stands that cannot be read. */
  what: 'in step' | 'failing' | 'gone';
  /** Absent for a place that is gone. */
  outcome?: Outcome;
  /** Whether it had an open row before. */
  hadRow: boolean;
  /** It cannot be read and had no row, so none was opened: its id may be mistyped. */
  unrecorded?: true;
  /** An error type says stop, so that rows are as they were. */
  stopped?: true;
}

/**
 * Brings one record over now, in this process: through the same pipeline, parents first, and with its row told as the engine tells it. Safe beside
 * the engine, since it looks again after writing.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function syncRecord(
  id: string,
  parts: EntityTypeParts,
  { active, client, taskQueue }: { active: ActiveProcess; client: Client; taskQueue: string },
  c: Context,
): Promise<RecordSynced> {
  const entityType = parts.definition.name;
  const rows = await rowsOf(active, { client, taskQueue, now: Date.now });
  const hadRow = rows.find(entityType, id) !== undefined;
  const error = hadRow ? undefined : await unreadableError(id, parts, c);
  if (error) return { what: 'failing', outcome: { fate: 'errored', error }, hadRow, unrecorded: true };
  const connector = active.connectors[parts.definition.from.system];
  if (!connector) throw new Error(`System ${parts.definition.from.system} is not connected`);
  let outcome: Outcome | undefined;
  const judging = new Judging(rows);
  const work = {
    rows,
    types: active.parts,
    expectHealthy: async (context: Context) => void (await connector.horizon(context)),
    now: () => new Date().toISOString(),
    onOutcome: (_id: string, told: Outcome) => {
      outcome = told;
    },
    judging,
  };
  const what = (await retryRecords([id], parts, work, c)).get(id);
  const isWell = outcome && outcome.fate !== 'errored' && outcome.fate !== 'held';
  return {
    what: what === 'gone' ? 'gone' : what === 'failing' || !isWell ? 'failing' : 'in step',
    ...(outcome ? { outcome } : {}),
    hadRow,
    ...(judging.told ? { stopped: true as const } : {}),
  };
}

async function unreadableError(id: string, { source }: EntityTypeParts, c: Context): Promise<RecordError | undefined> {
  if (stampOfPlace(id) !== undefined) return undefined;
  const record = (await source.fetch([id], c)).get(id);
  return record && 'error' in record ? record.error : undefined;
}
