import { ActivityCancellationType, ActivityFailure, CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Stop } from '../src/model/stop.js';
import { activityStop } from './activity-stop.js';
import type { WritingActivities } from './contracts.js';
import type { Timing } from '../src/model/timing.js';

/** The activities that may write, by the time-outs of this installation. */
export function writingActivities(timing: Timing) {
  return proxyActivities<WritingActivities>({
    startToCloseTimeout: timing.activityTimeout,
    heartbeatTimeout: timing.heartbeatTimeout,
    // Said outright: what is in flight must be over, and its result known, before anything else is
    // granted.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Temporal's own retry is for crashes alone: everything else comes back as data.
    retry: { initialInterval: timing.retryInterval, backoffCoefficient: 1 },
  });
}

/** How a writing activity ended without a word of its own. */
export interface Wordless {
  /** What it sent last may still arrive. */
  lost?: true;
  cancelled?: true;
  stopped?: Stop;
}

/**
 * Runs a writing activity. `what` began, e.g. `Syncing Beneficiary`; `again`: when it is tried
 * again.
 */
export async function write<T>(work: () => Promise<T>, what: string, again: string): Promise<T | { wordless: Wordless }> {
  if (CancellationScope.current().consideredCancelled) return { wordless: { cancelled: true } };
  try {
    return await work();
  } catch (error) {
    // Its worker was lost: an activity that is told to end gives what it did.
    if (isCancellation(error)) return { wordless: { lost: true, cancelled: true } };
    if (!(error instanceof ActivityFailure)) throw error;
    return { wordless: { lost: true, stopped: activityStop(error, what, again) } };
  }
}
