import type { Client } from '@temporalio/client';
import type { AvniOrganisation, StoredRecord } from '../../src/simulators/avni/organisation.js';
import { listRows, rowsQuery, type ListedRow } from '../../src/temporal/rows/list-rows.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { PROCESS } from './clinic-world.js';
import { until } from './until.js';

/**
 * Lists are asked for seldom: a namespace allows about ten such calls a second, and the engine
 * needs some of them.
 */
const SELDOM = 400;

/**
 * Changes observations of a record, as a field worker does; `stamp`: as if it had always been so.
 */
export function observe(organisation: AvniOrganisation, id: string, observations: Record<string, unknown>, stamp?: number): void {
  const record = organisation.get(id);
  const body = { observations: { ...(record?.body['observations'] as object), ...observations } };
  organisation.change(id, { body }, ...(stamp !== undefined ? [stamp] : []));
}

/** Gives a record a value that the mapping refuses, in the state that it has. */
export function breakRecord(organisation: AvniOrganisation, { id, stamp }: StoredRecord): void {
  observe(organisation, id, { Gender: 'No such gender' }, stamp);
}

export function mend(organisation: AvniOrganisation, { id }: StoredRecord): void {
  observe(organisation, id, { Gender: 'Female' });
}

/**
 * Subjects that are not voided, one of `step` in the order in which they are read, so that no
 * streak of them is long.
 */
export function someSubjects(organisation: AvniOrganisation, count: number, step: number): StoredRecord[] {
  return organisation
    .all()
    .filter(({ kind, voided }) => kind === 'subject' && !voided)
    .sort((a, b) => a.stamp - b.stamp || a.serial - b.serial)
    .filter((_record, index) => index % step === 0)
    .slice(0, count);
}

/**
 * Ids of the records that are held while these subjects fail, each with its subject: all that
 * depend on one, but for voided and planned ones.
 */
export function dependents(organisation: AvniOrganisation, subjects: StoredRecord[]): Map<string, string> {
  const roots = new Set(subjects.map(({ id }) => id));
  return new Map(
    organisation.all().flatMap((record) => {
      const subject = String(record.body['Subject ID']);
      const visit = record.kind === 'programEncounter' || record.kind === 'encounter';
      const done = !visit || (record.body['Encounter date time'] !== null && record.body['Cancel date time'] === null);
      return record.kind !== 'subject' && roots.has(subject) && !record.voided && done ? [[record.id, subject] as const] : [];
    }),
  );
}

/**
 * Waits until the open errored records are as they should be; the failure shows some that are open.
 */
export async function rowsReach(
  client: Client,
  what: string,
  fits: (rows: ListedRow[]) => boolean,
  limit = 60_000,
  process = PROCESS,
): Promise<ListedRow[]> {
  let rows: ListedRow[] = [];
  const look = async (): Promise<ListedRow[] | false> => {
    rows = await listRows(client, process);
    return fits(rows) && rows;
  };
  return until(what, look, limit, SELDOM).catch(async (error: unknown) => {
    const [first] = rows;
    const state = first && (await client.workflow.getHandle(first.workflowId).query<RowStatus>('status'));
    const { errors } = await client.workflow.getHandle(process).query<ProcessStatus>('status');
    throw new Error(
      `${rows.length} are open: ${JSON.stringify(rows.slice(0, 5))}; the first: ${JSON.stringify(state)}; ${JSON.stringify(errors)}`,
      {
        cause: error,
      },
    );
  });
}

/** How many errored records are open, as far as lists know. */
export async function countRows(client: Client): Promise<number> {
  return (await client.workflow.count(rowsQuery(PROCESS))).count;
}

/**
 * Edits to the clinic definition: once loaded, changes are asked for seldom, so that only retries
 * heal what is mended.
 */
export const CHANGES_SELDOM: [string, string] = ['    every: 1 minute\n', '    every: 1 hour\n'];

/**
 * An operator's `retry` for every open errored record: the process is told, and tries them at once.
 */
export async function retryAll(client: Client, process = PROCESS): Promise<void> {
  const rows = await listRows(client, process);
  for (let start = 0; start < rows.length; start += 16)
    await Promise.all(rows.slice(start, start + 16).map(({ workflowId }) => client.workflow.getHandle(workflowId).signal('retry')));
}

/** Has the process try its errored records, and waits for the end of that pass. */
export async function onePass(client: Client, limit = 60_000): Promise<NonNullable<ProcessStatus['errors']['lastPass']>> {
  const handle = client.workflow.getHandle(PROCESS);
  const now = new Date().toISOString();
  await handle.signal('runNow', { errors: true });
  let last: ProcessStatus | undefined;
  const ended = async (): Promise<NonNullable<ProcessStatus['errors']['lastPass']> | false> => {
    last = await handle.query<ProcessStatus>('status');
    const { lastPass } = last.errors;
    return lastPass !== undefined && lastPass.began >= now && lastPass;
  };
  return until('a pass over errored records is over', ended, limit, 100).catch((error: unknown) => {
    throw new Error(`${String(error)}; asked for at ${now}; at last: ${JSON.stringify(last)}`);
  });
}
