import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { RetryActivities } from '../contracts.js';
import type { Timing } from '../state.js';

/** The activities that try errored records again, by the time-outs of this installation. */
export function retryActivities(timing: Timing) {
  return proxyActivities<RetryActivities>({
    startToCloseTimeout: timing.activityTimeout,
    heartbeatTimeout: timing.heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: timing.retryInterval, backoffCoefficient: 1 },
  });
}
