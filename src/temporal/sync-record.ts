import type { Client } from '@temporalio/client';
import type { ActiveProcess } from '../assembly/active-process.js';
import type { Context } from '../connectors/connector.js';
import { BeforeWriting } from '../sync/before-writing.js';
import { Judging } from '../sync/judging.js';
import type { Outcome } from '../sync/outcome.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { retryRecords } from '../sync/retry.js';
import { stampOfPlace } from '../sync/place.js';
import { withDestinations } from '../sync/with-destinations.js';
import { Mark } from './rows/marked.js';
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
 * Brings one record over now, in this process: through the same pipeline, parents first, and with its row told as the engine tells it. Safe beside
 * the engine, since it looks again after writing, and is marked before, so that the engine does where this process is killed.
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
  if (found && 'error' in found) return { what: 'failing', outcome: { fate: 'errored', error: found.error }, hadRow, unrecorded: true };
  const connector = getOwn(active.connectors, parts.definition.from.system);
  if (!connector) throw new Error(`System ${parts.definition.from.system} is not connected`);
  let outcome: Outcome | undefined;
  const judging = new Judging(rows);
  const mark = new Mark({ entityType, id }, rows);
  // A row of its own for one that its source never had would be of no use.
  const isMarked = hadRow || found !== undefined;
  const types = isMarked ? withDestinations(active.parts, (inner) => new BeforeWriting(inner, () => mark.ensure())) : active.parts;
  const work = {
    rows,
    types,
    expectHealthy: async (context: Context) => void (await connector.horizon(context)),
    now: () => new Date().toISOString(),
    onOutcome: (_id: string, told: Outcome) => {
      outcome = told;
    },
    judging,
  };
  const what = (await retryRecords([id], getOwn(types, entityType) ?? parts, work, c)).get(id);
  if (!hadRow && (judging.told || outcome?.fate === 'held')) await mark.takeBack();
  const isWell = outcome && outcome.fate !== 'errored' && outcome.fate !== 'held';
  return {
    what: what === 'gone' ? 'gone' : what === 'failing' || !isWell ? 'failing' : 'in step',
    ...(outcome ? { outcome } : {}),
    hadRow,
    ...(judging.told ? { stopped: true as const } : {}),
  };
}
