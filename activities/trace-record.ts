import { trace } from '../src/sync/trace.js';
import type { TraceInput, TraceResult } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { lookAtOne } from './look-at.js';

/** The way of one record through its process, without a value of it. Nothing is written. */
export function traceRecord(input: TraceInput, dependencies: ActivityDependencies): Promise<TraceResult> {
  const { entityType, id } = input;
  return lookAtOne(input, dependencies, async ({ parts }, c) => ({ trace: await trace({ entityType, id }, parts, c) }));
}
