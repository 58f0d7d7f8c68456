import type { Context } from '../connectors/connector.js';
import { planTypes, type PlanRequest, type ProcessPlan } from '../sync/plan-types.js';
import type { ActiveProcess } from './active-process.js';
import { planDigest } from './plan-digest.js';
import { readingOf } from './reading-of.js';

/** So many records of each type are read, unless more are asked for. */
const LIMIT = 10_000;

/** What a run of a process would do now; nothing is written. @throws Cancelled */
export async function planProcess(
  active: ActiveProcess,
  { limit = LIMIT, ...request }: PlanRequest,
  showValues: boolean,
  c: Context,
): Promise<ProcessPlan> {
  const types = await planTypes(active.parts, { ...request, limit, ...readingOf(active, c), showValues }, c);
  return { digest: planDigest(active), types };
}
