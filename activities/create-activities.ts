import type { Activities, LookingActivities, WritingActivities } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { planCycle } from './plan-cycle.js';
import { planRun } from './plan-run.js';
import { previewRecords } from './preview-records.js';
import { reconcileRecords } from './reconcile-records.js';
import { retryErrored } from './retry-errored.js';
import { syncChanges } from './sync-changes.js';
import { syncRecord } from './sync-record.js';
import { traceRecord } from './trace-record.js';

/** The activities of a worker, over the dependencies it gives. */
export function createActivities(dependencies: ActivityDependencies): Activities & WritingActivities & LookingActivities {
  return {
    planCycle: (input) => planCycle(input, dependencies),
    syncChanges: (input) => syncChanges(input, dependencies),
    retryErrored: (input) => retryErrored(input, dependencies),
    syncRecord: (input) => syncRecord(input, dependencies),
    planRun: (input) => planRun(input, dependencies),
    reconcileRecords: (input) => reconcileRecords(input, dependencies),
    traceRecord: (input) => traceRecord(input, dependencies),
    previewRecords: (input) => previewRecords(input, dependencies),
  };
}
