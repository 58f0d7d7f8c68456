import type { Client } from '@temporalio/client';
import type { ActiveProcess } from '../assembly/active-process.js';
import type { Context } from '../connectors/connector.js';
import { Budget } from '../sync/budget.js';
import { isDone, type Outcome } from '../sync/outcome.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { retryRecords } from '../sync/retry.js';
import { stampOfPlace } from '../sync/place.js';
import { rowsOf } from './rows/rows-of.js';
import { getOwn } from '../model/keyed.js';

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
 * Brings one record over now, in this process: through the same pipeline, parents first, and with its row told as the engine
 * tells it.
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
  const rows = await rowsOf(active, { client, taskQueue, now: Date.now, by: 'sangam sync' });
  const hadRow = rows.find(entityType, id) !== undefined;
  const found = hadRow || stampOfPlace(id) !== undefined ? undefined : (await parts.source.fetch([id], c)).get(id);
  if (found && 'error' in found) return { what: 'failing', outcome: { result: 'errored', error: found.error }, hadRow, unrecorded: true };
  const connector = getOwn(active.connectors, parts.definition.from.system);
  if (!connector) throw new Error(`System ${parts.definition.from.system} is not connected`);
  let outcome: Outcome | undefined;
  const budget = new Budget(rows);
  const work = {
    rows,
    expectHealthy: async (context: Context) => void (await connector.horizon(context)),
    now: () => new Date().toISOString(),
    onOutcome: (_id: string, told: Outcome) => {
      outcome = told;
    },
    budget,
  };
  const what = (await retryRecords([id], parts, work, c)).get(id);
  const isWell = outcome && isDone(outcome);
  return {
    what: what === 'gone' ? 'gone' : what === 'failing' || !isWell ? 'failing' : 'in step',
    ...(outcome ? { outcome } : {}),
    hadRow,
    ...(budget.told ? { stopped: true as const } : {}),
  };
}
