import { isObject } from '../../model/is-object.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Context, WriteOutcome, WriteRequest } from '../connector.js';
import { checkObservations } from './check-observations.js';
import { invalidField } from './record-errors.js';
import { sameField, sameObservations, type Known } from './same-value.js';
import type { SetupView } from './setup/setup.js';
import type { Body } from './stored-record.js';
import { groupOf } from './wanted-record.js';
import { written } from './write-fields.js';

const { fields, groups, parents } = written.task;
const NEEDED = ['Name', 'Task status', 'Scheduled on'];

/** A task as Avni has it. */
export interface StoredTask {
  id: string;
  externalId?: string;
  voided: boolean;
  body: Body;
}

/** What a task should be. */
interface Wanted {
  body: Body;
  voided: boolean;
  known: Known;
}

export interface TaskPlan {
  /** What is to be sent, where anything is. */
  body?: Body;
  wanted?: Wanted;
  stored?: StoredTask;
  outcome: WriteOutcome;
  arrives: boolean;
}

interface Planning {
  externalId: string;
  type: string;
  stored: StoredTask | undefined;
  view: SetupView;
  c: Context;
}

/** Reads a row of the list, or an answer; undefined where it is no task. */
export function readTask(row: unknown): StoredTask | undefined {
  if (!isObject(row)) return undefined;
  const { ID: id, 'External ID': externalId, Voided: voided } = row;
  if (typeof id !== 'string' || typeof voided !== 'boolean') return undefined;
  return { id, voided, body: row, ...(typeof externalId === 'string' ? { externalId } : {}) };
}

/** Whether Avni has a task as it should be. */
export function showsTask({ body, voided }: StoredTask, wanted: Wanted): boolean {
  const own = Object.keys(fields).filter((name) => !parents.includes(name));
  return (
    voided === wanted.voided &&
    own.every((name) => sameField(getOwn(fields, name) ?? 'text', getOwn(wanted.body, name), getOwn(body, name))) &&
    parents.every((name) => getOwn(wanted.body, name) === undefined || getOwn(wanted.body, name) === getOwn(body, name)) &&
    groups.every((name) => sameObservations(groupOf(wanted.body, name), groupOf(body, name), wanted.known))
  );
}

/**
 * What has to be sent so that Avni has this task, or has it no more. @throws SystemFailure,
 * Cancelled
 */
export async function planTask(given: unknown, action: WriteRequest['action'], planning: Planning): Promise<TaskPlan> {
  const { stored, view, c } = planning;
  if (action !== 'upsert' || !isObject(given)) return planVoiding(action, planning);
  const missing = NEEDED.find((name) => getOwn(given, name) === undefined);
  if (missing !== undefined) return refused(missing, 'is missing, and Avni needs it of every task');
  const concepts = await view.conceptsIn(
    groups.map((name) => groupOf(given, name)),
    c,
  );
  const body: Body = { ...given };
  for (const name of groups) {
    const checked = checkObservations(groupOf(given, name), concepts, name);
    if ('error' in checked) return { outcome: { kind: 'refused', error: checked.error }, arrives: false };
    setOwn(body, name, checked.value);
  }
  const wanted: Wanted = { body, voided: false, known: { concepts } };
  if (stored && showsTask(stored, wanted)) return { outcome: { kind: 'unchanged', ids: { main: stored.id } }, arrives: false };
  return {
    body: sent(body, planning, false),
    wanted,
    outcome: { kind: stored ? 'updated' : 'created', ids: {}, ...(stored?.voided ? { revived: true as const } : {}) },
    arrives: !stored || stored.voided,
  };
}

/** Tasks have no DELETE: what is there is sent back, voided. */
function planVoiding(action: WriteRequest['action'], planning: Planning): TaskPlan {
  const { stored } = planning;
  if (!stored || stored.voided) return { outcome: { kind: 'absent' }, arrives: false };
  const body: Body = {};
  for (const name of [...Object.keys(fields), ...groups])
    if (!isNothing(getOwn(stored.body, name))) setOwn(body, name, getOwn(stored.body, name));
  return {
    body: sent(body, planning, true),
    wanted: { body, voided: true, known: { concepts: new Map() } },
    outcome: { kind: action === 'mark' ? 'updated' : 'removed', ids: { main: stored.id } },
    arrives: false,
  };
}

function sent(body: Body, { externalId, type }: Planning, voided: boolean): Body {
  return { metadata: {}, observations: {}, ...body, 'External ID': externalId, [written.task.type]: type, Voided: voided };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function refused(path: string, why: string): TaskPlan {
  return { outcome: { kind: 'refused', error: invalidField(path, why) }, arrives: false };
}
