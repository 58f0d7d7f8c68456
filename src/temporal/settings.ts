import { getOwn } from '../model/keyed.js';
import type { Timing } from '../model/timing.js';

/** How long one HTTP request may take, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;

export interface EngineSettings {
  requestTimeout: number;
  /** Milliseconds after which `syncChanges` returns between two pages. */
  softLimit: number;
  timing: Timing;
}

/**
 * Settings of a worker, all in milliseconds. `SANGAM_REQUEST_TIMEOUT`, `SANGAM_SOFT_LIMIT`,
 * `SANGAM_HEARTBEAT_TIMEOUT`, `SANGAM_RETRY_INTERVAL`, `SANGAM_BACKOFF_FIRST`,
 * `SANGAM_BACKOFF_LONGEST` and `SANGAM_TURN` change them.
 *
 * @throws Error naming the variable that is not a positive whole number.
 */
export function engineSettings(env: Record<string, string | undefined>): EngineSettings {
  const requestTimeout = milliseconds(env, 'SANGAM_REQUEST_TIMEOUT', REQUEST_TIMEOUT);
  return {
    requestTimeout,
    softLimit: milliseconds(env, 'SANGAM_SOFT_LIMIT', 60_000),
    timing: {
      heartbeatTimeout: milliseconds(env, 'SANGAM_HEARTBEAT_TIMEOUT', 20_000),
      // A lost worker's last request must not land after its successor's.
      retryInterval: milliseconds(env, 'SANGAM_RETRY_INTERVAL', requestTimeout + 6_000),
      activityTimeout: 30 * 60_000,
      backoffFirst: milliseconds(env, 'SANGAM_BACKOFF_FIRST', 5_000),
      backoffLongest: milliseconds(env, 'SANGAM_BACKOFF_LONGEST', 5 * 60_000),
      turn: milliseconds(env, 'SANGAM_TURN', 10 * 60_000),
    },
  };
}

function milliseconds(env: Record<string, string | undefined>, name: string, fallback: number): number {
  const text = getOwn(env, name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new Error(`${name} must be a positive whole number of milliseconds.`);
  return value;
}
