import type { Activities, RetryActivities } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { dueRows } from './due-rows.js';
import { alive } from './heart.js';
import { lookAgain, lookAgainAfter } from './look-again.js';
import { planCycle } from './plan-cycle.js';
import { planRetries } from './plan-retries.js';
import { retryErrored } from './retry-errored.js';
import { syncChanges } from './sync-changes.js';

/** The activities of a worker, over the dependencies it gives. */
export function createActivities(dependencies: ActivityDependencies): Activities & RetryActivities {
  return {
    planCycle: (input) => planCycle(input, dependencies),
    syncChanges: (input) => syncChanges(input, dependencies),
    planRetries: (input) => planRetries(input, dependencies),
    dueRows: (input) => dueRows(input, dependencies),
    retryErrored: (input) => retryErrored(input, dependencies),
    lookAgain: (input) => alive(() => lookAgain(input, dependencies)),
    lookAgainAfter: (input) => alive(() => lookAgainAfter(input, dependencies)),
  };
}
