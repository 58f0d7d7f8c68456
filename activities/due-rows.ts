import type { Instant } from '../src/connectors/connector.js';
import { bytesOf } from '../src/model/clean.js';
import { listRows, type ListedRow } from '../src/temporal/rows/list-rows.js';
import type { DueRow, DueRowsInput, DueRowsResult } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { definitionChanged } from './definition-changed.js';
import { alive } from './heart.js';

/** The next rows of one entity type that are due, oldest first: one visibility call for each thousand open ones. */
export async function dueRows(input: DueRowsInput, { client, integrations }: ActivityDependencies): Promise<DueRowsResult> {
  const { process, entityType, digest, after, until, limit } = input;
  const found = await integrations.find(process);
  if ('missing' in found || found.active.process.digest !== digest) return { stopped: definitionChanged(found) };
  const listed = await alive(() => listRows(client, process, { entityType }));
  const due = listed
    .filter((row) => isDue(row, digest, until))
    .map(({ id, firstFailedAt }) => ({ id, firstFailedAt }))
    .sort(inOrder)
    .filter((row) => after === undefined || inOrder(row, after) > 0);
  return { rows: within(due.slice(0, limit)) };
}

/** Bytes of the rows of one batch: they stand in its history twice. */
const MAX_BATCH_BYTES = 300_000;

/** As many of them as a batch takes; at least one. */
function within(rows: DueRow[]): DueRow[] {
  let bytes = 0;
  return rows.filter((row, index) => (bytes += bytesOf(row)) <= MAX_BATCH_BYTES || index === 0);
}

/** Whether a row is due: its time has come, its error was decided by a definition that has changed since, or what was written of it is not known. */
export function isDue(row: ListedRow, digest: string, until: Instant): boolean {
  if (row.state === 'ignored') return false;
  if (row.lookAgain) return true;
  return (row.retryAt !== undefined && row.retryAt <= until) || (row.mapping && row.digest !== digest);
}

function inOrder(a: DueRow, b: DueRow): number {
  if (a.firstFailedAt !== b.firstFailedAt) return a.firstFailedAt < b.firstFailedAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
