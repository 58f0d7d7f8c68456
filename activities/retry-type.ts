import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { getOwn } from '../src/model/keyed.js';
import { emptyRetrySheet, type RetrySheet } from '../src/model/sheet.js';
import type { InHand } from '../src/sync/in-hand.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import { retryRows } from '../src/sync/retry-rows.js';
import type { TemporalRows } from '../src/temporal/rows/temporal-rows.js';
import type { ActivityDependencies } from './dependencies.js';
import type { RetryPass } from './retry-pass.js';
import { retryWorkOver } from './retry-work-over.js';
import type { DueRow } from '../src/model/pass.js';

interface Around {
  active: ActiveProcess;
  rows: TemporalRows;
  inHand: InHand;
  dependencies: ActivityDependencies;
}

/**
 * Tries the due records of one entity type in a pass. A stop, e.g. by a system's failure, is the
 * type's alone, as the pass says then.
 */
export async function retryType(
  due: DueRow[],
  parts: EntityTypeParts,
  pass: RetryPass,
  { active, rows, inHand, dependencies }: Around,
  c: Context,
): Promise<'done' | 'cancelled' | 'time is over'> {
  const { name } = parts.definition;
  const { openUpTo, ends } = pass.options;
  const before = { sheet: getOwn(pass.state.pass.sheets, name) ?? emptyRetrySheet, failing: getOwn(pass.state.failing, name) };
  const onProgress = ({ sheet, done, failing }: { sheet: RetrySheet; done: number; failing?: typeof before.failing }): void =>
    pass.tried(name, due[done - 1], sheet, failing);
  const { done, stopped, cancelled } = await retryRows(
    due.map(({ id }) => id),
    parts,
    {
      ...retryWorkOver(active, parts, rows, dependencies),
      ...{ inHand, onProgress, shouldYield: () => dependencies.now() >= ends },
      progress: { sheet: before.sheet, done: 0, ...(before.failing ? { failing: before.failing } : {}) },
      ...(openUpTo !== undefined ? { openUpTo } : {}),
    },
    c,
  );
  if (stopped) pass.stop(name, stopped);
  if (cancelled) return 'cancelled';
  return stopped || done >= due.length ? 'done' : 'time is over';
}
