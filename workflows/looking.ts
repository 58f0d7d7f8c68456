import { proxyActivities } from '@temporalio/workflow';
import type { LookingActivities } from './contracts.js';

/** The activities that look and write nothing. `limit`: milliseconds that one may take. */
export function lookingActivities(limit: number) {
  return proxyActivities<LookingActivities>({
    startToCloseTimeout: limit,
    heartbeatTimeout: '20 seconds',
    // Somebody waits for it: a worker that has not the process gives it back to one that has.
    retry: { initialInterval: '1 second', backoffCoefficient: 1, maximumAttempts: 15 },
  });
}
