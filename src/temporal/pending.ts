import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { SyncHeartbeat } from '../../workflows/contracts.js';

type Activity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What is known of the activity that a workflow waits for. */
export interface Pending {
  /** What only its heartbeat knows. */
  live?: Partial<SyncHeartbeat>;
  /** How often Temporal has tried it: more than 1 after a worker was lost. */
  attempt?: number;
  /** What it waits for, in words, where that takes long. */
  waits?: string;
}

/** Milliseconds after which a wait is told of. */
const LONG = 3_000;
/** Milliseconds that a page, or a batch, may take before that is told. */
const LONG_PAGE = 10_000;
/**
 * Milliseconds without a heartbeat, which is sent twice a second, after which a worker may be lost.
 */
const NO_WORD = 5_000;
/** As Temporal's API numbers them. */
const [SCHEDULED, PAUSED] = [1, 4];

/**
 * What the activity of a workflow does, if it has one; by what its server and its heartbeat tell.
 * `now`: milliseconds since the epoch.
 */
export function pendingOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>, now: number): Pending {
  const [activity] = raw.pendingActivities ?? [];
  if (!activity) return {};
  const live = heartbeatOf(activity);
  const waits = waitsOf(activity, live, now);
  return {
    ...(live ? { live } : {}),
    ...(activity.attempt ? { attempt: activity.attempt } : {}),
    ...(waits !== undefined ? { waits } : {}),
  };
}

function heartbeatOf({ heartbeatDetails }: Activity): Partial<SyncHeartbeat> | undefined {
  const payload = heartbeatDetails?.payloads?.[0] as Payload | undefined;
  const details = payload && defaultPayloadConverter.fromPayload<Partial<SyncHeartbeat> | null>(payload);
  return details ?? undefined;
}

function waitsOf(activity: Activity, live: Partial<SyncHeartbeat> | undefined, now: number): string | undefined {
  if (activity.paused || activity.state === PAUSED)
    return 'Its activity was paused at Temporal itself (activity pause): nothing goes on until that is undone there.';
  if (activity.state === SCHEDULED) return untaken(activity, now);
  const quiet = now - (timeOf(activity.lastHeartbeatTime) ?? timeOf(activity.lastStartedTime) ?? now);
  if (quiet >= NO_WORD)
    return `No word for ${seconds(quiet)} of the worker ${activity.lastWorkerIdentity ?? ''}: where it is lost, another goes on from its last heartbeat.`;
  const { waits, pageMs = 0 } = live?.doing ?? {};
  if (waits && waits.ms + quiet >= LONG) return `Waiting ${seconds(waits.ms + quiet)} for an answer of ${waits.what}.`;
  return pageMs + quiet >= LONG_PAGE ? `The page in hand takes ${seconds(pageMs + quiet)} so far.` : undefined;
}

/** No worker has it now. */
function untaken({ attempt, lastFailure, scheduledTime, nextAttemptScheduleTime }: Activity, now: number): string | undefined {
  if ((attempt ?? 1) > 1) {
    const why = lastFailure?.applicationFailureInfo ? (lastFailure.message ?? '') : 'Its worker was lost.';
    const next = timeOf(nextAttemptScheduleTime) ?? 0;
    return next > now ? `${why} It is tried again at ${new Date(next).toISOString()}.` : `${why} No worker has taken it up since.`;
  }
  const waited = now - (timeOf(scheduledTime) ?? now);
  return waited >= LONG ? `Waiting ${seconds(waited)} for a worker: none polls its task queue, or those that do are busy.` : undefined;
}

/** Milliseconds since the epoch. */
function timeOf(time: Activity['scheduledTime']): number | undefined {
  return time ? Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6 : undefined;
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
