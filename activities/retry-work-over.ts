import type { ActiveProcess } from '../src/assembly/active-process.js';
import { getOwn } from '../src/model/keyed.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import type { RetryWork } from '../src/sync/retry-work.js';
import type { TemporalRows } from '../src/temporal/rows/temporal-rows.js';
import type { ActivityDependencies } from './dependencies.js';

/** What trying records of one entity type again works with, over the rows of its process. */
export function retryWorkOver(
  active: ActiveProcess,
  parts: EntityTypeParts,
  rows: TemporalRows,
  { now }: ActivityDependencies,
): Pick<RetryWork, 'rows' | 'expectHealthy' | 'now'> {
  const { system } = parts.definition.from;
  const connector = getOwn(active.connectors, system);
  if (!connector) throw new Error(`System ${system} is not connected`);
  return {
    rows,
    expectHealthy: async (c) => void (await connector.horizon(c)),
    now: () => new Date(now()).toISOString(),
  };
}
