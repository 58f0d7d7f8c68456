import { Context } from '@temporalio/activity';
import type { DueRow, RetryActivities, RetryErroredInput, RetryPlan, RetryResult } from '../../workflows/contracts.js';
import { timing } from './process-harness.js';

/** Rows, oldest first. */
export const rowsOf = (...ids: string[]): DueRow[] =>
  ids.map((id, index) => ({ id, firstFailedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString() }));

/** All of a batch healed. */
export function healed({ rows }: RetryErroredInput): RetryResult {
  return { sheet: { tried: rows.length, healed: rows.length, failing: 0, gone: 0, released: 0 }, done: rows.length };
}

/** Works until it is cancelled; then says that so many of the batch are done. */
export async function retryUntilCancelled(done: number): Promise<RetryResult> {
  const beat = setInterval(() => Context.current().heartbeat({}), 50);
  await Context.current().cancelled.catch(() => undefined);
  clearInterval(beat);
  return { sheet: { tried: done, healed: done, failing: 0, gone: 0, released: 0 }, done, cancelled: true };
}

/** The activities of an error process over rows that are open: by entity type, in order. A row is due until it was tried. */
export function retrying(options: {
  open: Record<string, DueRow[]>;
  dependsOn?: Record<string, string[]>;
  answer?: (input: RetryErroredInput) => Promise<RetryResult> | RetryResult;
  plan?: Partial<RetryPlan>;
  /** Rows a batch. */
  limit?: number;
}) {
  const { open, dependsOn = {}, answer = healed, plan = {}, limit = 200 } = options;
  const tried: string[] = [];
  const plans: { runNow: boolean; first: boolean }[] = [];
  const marked: string[] = [];
  const left = (entityType: string): DueRow[] => (open[entityType] ?? []).filter(({ id }) => !tried.includes(`${entityType} ${id}`));
  const activities: RetryActivities = {
    planRetries: async ({ runNow, first, lastLook }) => {
      plans.push({ runNow, first });
      const due = lastLook === undefined;
      return {
        kind: 'plan',
        plan: {
          digest: 'd1',
          timing,
          due,
          nextDue: new Date(Date.now() + 3_600_000).toISOString(),
          types: Object.keys(open).flatMap((entityType) =>
            (due || runNow) && left(entityType).length > 0
              ? [{ entityType, dependsOn: dependsOn[entityType] ?? [], due: left(entityType).length }]
              : [],
          ),
          open: {},
          ...plan,
        },
      };
    },
    dueRows: async ({ entityType, after }) => ({
      rows: left(entityType)
        .filter(({ firstFailedAt }) => after === undefined || firstFailedAt > after.firstFailedAt)
        .slice(0, limit),
    }),
    retryErrored: async (input) => {
      const result = await answer(input);
      tried.push(...input.rows.slice(0, result.done).map(({ id }) => `${input.entityType} ${id}`));
      return result;
    },
    lookAgainAfter: async ({ entityType }) => void marked.push(`${entityType} of its child`),
    lookAgain: async ({ entityType, rows }) => void marked.push(...rows.map(({ id }) => `${entityType} ${id}`)),
  };
  return { activities, tried, plans, marked };
}
