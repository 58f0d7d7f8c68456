import { z } from 'zod';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context } from '../connector.js';
import { incidentOf, sickFailure } from './failure.js';
import { readTask, type StoredTask } from './plan-task.js';
import type { AvniSession } from './session.js';
import { AS_STORED } from './stored-record.js';

const SIZE = 1000;
/** Times that a list of several pages is read until a reading shows nothing new. */
const MOST_READINGS = 10;

const page = z.object({ content: z.array(z.unknown()), totalPages: z.number().int().nonnegative() });

/** All tasks of a type by External ID, voided ones too. @throws SystemFailure, Cancelled */
export async function listTasks(session: AvniSession, type: string, c: Context): Promise<Map<string, StoredTask>> {
  const found = new Map<string, StoredTask>();
  for (const isOver of ['false', 'true'])
    for (const task of await listed(session, type, isOver, c)) if (task.externalId !== undefined) found.set(task.externalId, task);
  return found;
}

/**
 * Of a list in no order a page may hide what the one before it did not show. So one of several
 * pages is read until as many tasks were seen as it has, and a whole reading shows no other.
 */
async function listed(session: AvniSession, type: string, isOver: string, c: Context): Promise<StoredTask[]> {
  const seen = new Map<string, StoredTask>();
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const before = seen.size;
    let count = 0;
    let pages = 1;
    for (let number = 0; number < pages; number += 1) {
      const { content, totalPages } = await askTasks(session, type, isOver, number, c);
      pages = totalPages;
      count += content.length;
      for (const each of content) {
        const task = readTask(each);
        if (task) seen.set(task.id, task);
        else count -= 1;
      }
    }
    if (pages <= 1 || (reading > 1 && seen.size === before && seen.size >= count)) return [...seen.values()];
  }
  throw new SystemFailure({
    code: 'BadResponse',
    message: `Avni’s list of tasks “${type}” shows others each time it is read.`,
    remedy: 'It is tried again by itself; where that does not end, see who changes so many tasks, or use fewer of one type.',
  });
}

/** A page of those whose status ends them, or of the others. @throws SystemFailure, Cancelled */
export async function askTasks(
  session: AvniSession,
  type: string,
  isTerminalStatus: string,
  number: number,
  c: Context,
): Promise<z.infer<typeof page>> {
  const place = `Listing tasks “${type}” of Avni`;
  const query = { type, isTerminalStatus, metadata: '{}', page: String(number), size: String(SIZE), version: AS_STORED };
  const { answer, verdict } = await settle(
    () => session.get('/api/tasks', query, c),
    (response) => ({ ...incidentOf(response, 'read page'), several: false }),
    () => Promise.resolve(false),
  );
  if (verdict.kind !== 'done') throw await sickFailure(session, systemCodeOf(verdict), answer, place, c);
  return parseJson(answer, page, place);
}
