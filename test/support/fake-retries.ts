import { Context } from '@temporalio/activity';
import { addSheets, emptyRetrySheet } from '../../src/model/sheet.js';
import type {
  Activities,
  Plan,
  PlanCycleInput,
  PlannedType,
  RetryErroredInput,
  SyncChangesInput,
  WritingActivities,
} from '../../workflows/contracts.js';
import { planOf, synced } from './process-harness.js';
import type { RetryErroredResult } from '../../src/model/turns.js';
import type { Pass } from '../../src/model/pass.js';
import type { KnownRows } from '../../src/model/known-rows.js';

const AT = '2026-01-01T00:00:00.000Z';

export interface Retrying {
  /** Ids of open rows by entity type, in order. A row is open until it was tried. */
  open: Record<string, string[]>;
  /** Rows that one activity tries. */
  limit?: number;
  /** What becomes of an activity; `heal` tries so many rows and heals them. */
  answer?: (input: RetryErroredInput, heal: (count?: number) => RetryErroredResult) => Promise<RetryErroredResult> | RetryErroredResult;
  types?: (Partial<PlannedType> & { entityType: string })[];
  sync?: WritingActivities['syncChanges'];
  plan?: (input: PlanCycleInput) => Partial<Plan>;
}

/**
 * Fake activities of a process over rows that are open. Without more said nothing has changed, and
 * rows are due at its first look.
 */
export function retrying({ open, limit = Infinity, answer, types, sync, plan = () => ({}) }: Retrying) {
  const tried: string[] = [];
  const inputs: RetryErroredInput[] = [];
  const plans: PlanCycleInput[] = [];
  /** Children in the order in which they were granted their turn. */
  const turns: string[] = [];
  const left = (name: string): string[] => (open[name] ?? []).filter((id) => !tried.includes(`${name} ${id}`));
  const known = (): KnownRows => {
    const rows = Object.keys(open).filter((name) => left(name).length > 0);
    return {
      open: Object.fromEntries(rows.map((name) => [name, { errored: { X: left(name).length }, ignored: 0, waiting: 0 }])),
      dueAtOnce: 0,
      ...(rows.length > 0 ? { nextRetryAt: AT } : {}),
    };
  };
  const heal = ({ pass, failing = {} }: RetryErroredInput, count = limit): RetryErroredResult => {
    const next = Object.keys(open)
      .flatMap((name) => left(name).map((id) => ({ name, id })))
      .slice(0, count);
    let going = pass;
    for (const { name, id } of next) {
      tried.push(`${name} ${id}`);
      going = healedIn(going, name, id);
    }
    const done = Object.keys(open).every((name) => left(name).length === 0);
    const { place: _place, ...ended } = going;
    return { pass: done ? ended : going, done, failing, stopped: {}, rows: known() };
  };
  const activities: Activities & Pick<WritingActivities, 'syncChanges' | 'retryErrored'> = {
    planCycle: async (input) => {
      plans.push(input);
      const { rows: _rows, ...planned } = planOf(types ?? [{ entityType: 'A', hasChanges: false }]);
      const errors = { due: input.lastErrorsLook === undefined, nextDue: new Date(Date.now() + 3_600_000).toISOString() };
      return { kind: 'plan', plan: { ...planned, errors, ...(input.list ? { rows: known() } : {}), ...plan(input) } };
    },
    syncChanges: async (input: SyncChangesInput) => {
      turns.push(input.entityType);
      return sync ? sync(input) : synced(input.until);
    },
    retryErrored: async (input) => {
      turns.push('errors');
      inputs.push(input);
      return answer ? answer(input, (count) => heal(input, count)) : heal(input);
    },
  };
  return { activities, tried, inputs, plans, turns };
}

function healedIn(pass: Pass, name: string, id: string): Pass {
  const sheet = addSheets(pass.sheets[name] ?? emptyRetrySheet, { ...emptyRetrySheet, tried: 1, healed: 1 });
  return { ...pass, place: { entityType: name, after: { id, firstFailedAt: AT } }, sheets: { ...pass.sheets, [name]: sheet } };
}

/**
 * The first activity works until it is cancelled, and has healed so many by then; the next ones
 * heal what is left.
 */
export function cancelledFirst(healed: number): NonNullable<Retrying['answer']> {
  let calls = 0;
  return async (_input, heal) => {
    calls += 1;
    if (calls > 1) return heal();
    await untilCancelled();
    return { ...heal(healed), done: false, cancelled: true };
  };
}

/** Works until it is cancelled. */
export async function untilCancelled(): Promise<void> {
  const beat = setInterval(() => Context.current().heartbeat({}), 50);
  await Context.current().cancelled.catch(() => undefined);
  clearInterval(beat);
}
