import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { pendingOf } from '../../src/temporal/pending.js';

const NOW = Date.UTC(2026, 0, 1, 12);
const at = (secondsAgo: number) => ({ seconds: NOW / 1000 - secondsAgo, nanos: 0 });
const beat = (details: object) => ({ heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(details)] } });
const STARTED = 2;
const SCHEDULED = 1;

/** What is said of an activity, as Temporal describes it. */
function waits(activity: object): string | undefined {
  const description = { raw: { pendingActivities: [{ state: STARTED, attempt: 1, ...activity }] } };
  return pendingOf(description as unknown as Parameters<typeof pendingOf>[0], NOW).waits;
}

describe('what a running activity waits for', () => {
  it('is the oldest request without an answer, and for how long, also since its last heartbeat', () => {
    const waiting = (ms: number, ago: number): string | undefined =>
      waits({ ...beat({ v: 1, doing: { waits: { what: 'GET https://emr.example', ms } } }), lastHeartbeatTime: at(ago) });
    expect(waiting(33_000, 1)).toBe('Waiting 34 s for an answer of GET https://emr.example.');
    expect(waiting(2_000, 0)).toBeUndefined();
  });

  it('is a page that takes long, where no request does', () => {
    const paging = (pageMs: number): string | undefined => waits({ ...beat({ v: 1, doing: { pageMs } }), lastHeartbeatTime: at(0) });
    expect([paging(12_000), paging(9_000)]).toEqual(['The page in hand takes 12 s so far.', undefined]);
  });

  it('is its worker, where that has not been heard of', () => {
    expect(waits({ lastHeartbeatTime: at(7), lastWorkerIdentity: '12@host' })).toMatch(/^No word for 7 s of the worker 12@host: /);
    expect(waits({ lastStartedTime: at(2) })).toBeUndefined();
  });

  it('is the next try, where its worker was lost or gave it back', () => {
    const lost = { state: SCHEDULED, attempt: 2, nextAttemptScheduleTime: at(-30) };
    expect(waits(lost)).toBe('Its worker was lost. It is tried again at 2026-01-01T12:00:30.000Z.');
    const back = { ...lost, nextAttemptScheduleTime: null, lastFailure: { message: 'Given back by 12@host.', applicationFailureInfo: {} } };
    expect(waits(back)).toBe('Given back by 12@host. No worker has taken it up since.');
  });

  it('is any worker, where none takes it up', () => {
    expect(waits({ state: SCHEDULED, scheduledTime: at(8) })).toMatch(/^Waiting 8 s for a worker/);
    expect(waits({ state: SCHEDULED, scheduledTime: at(1) })).toBeUndefined();
  });

  it('is nothing, where it was paused at Temporal itself, until that is undone', () => {
    expect(waits({ paused: true, state: SCHEDULED })).toMatch(/paused at Temporal itself/);
  });

  it('is not told of a workflow without one', () => {
    expect(pendingOf({ raw: {} } as unknown as Parameters<typeof pendingOf>[0], NOW)).toEqual({});
  });
});
