import type { Activities } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { planCycle } from './plan-cycle.js';
import { syncChanges } from './sync-changes.js';

/** The activities of a worker, over the dependencies it gives. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  return {
    planCycle: (input) => planCycle(input, dependencies),
    syncChanges: (input) => syncChanges(input, dependencies),
  };
}
