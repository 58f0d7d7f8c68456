import { SystemFailure, type SystemFailureCode, type SystemFailureDetails } from '../errors/system-failure.js';
import type { HttpResponse } from './http.js';

/** A system's failure, put into words where it answered. `place`: what was asked for, in words. */
export function failureOfStatus(code: SystemFailureCode, response: HttpResponse, place: string): SystemFailure {
  const { status } = response;
  const wait = retryAfter(response.headers['retry-after']);
  return new SystemFailure({ code, ...wordsOf(code, status, place), status, ...(wait !== undefined ? { retryAfter: wait } : {}) });
}

function wordsOf(code: SystemFailureCode, status: number, place: string): Pick<SystemFailureDetails, 'message' | 'remedy'> {
  if (code === 'Unauthorized')
    return {
      message: `${place}: the credentials were refused (${status}).`,
      remedy: 'Correct the credentials in the worker’s environment and restart it.',
    };
  if (code === 'Forbidden')
    return { message: `${place}: this is not allowed (${status}).`, remedy: 'Give the integration’s user the privilege for this type.' };
  if (code === 'NotFound') return { message: `${place}: nothing there (${status}).`, remedy: 'Correct the url of the system.' };
  if (code === 'RateLimited')
    return { message: `${place}: too many requests (${status}).`, remedy: 'Nothing to do: it waits as long as it was asked to.' };
  if (code === 'Unavailable')
    return {
      message: `${place}: the system is not available (${status}).`,
      remedy: 'See whether the system is up; it is tried again by itself.',
    };
  if (status >= 300 && status < 400)
    return { message: `${place}: answered with a redirect (${status}).`, remedy: 'Put the final address into url.' };
  if (code === 'BadResponse')
    return {
      message: `${place}: the answer is not of the expected shape (${status}).`,
      remedy: 'See whether the url leads to the right kind of system, not to a sign-in page or a proxy, and its version is supported.',
    };
  return { message: `${place}: the system fails (${status}).`, remedy: 'See the system’s log; it is tried again by itself.' };
}

/** A day: nothing that asks for more can be meant. */
const LONGEST_WAIT = 86_400_000;

/** Milliseconds, from seconds or an HTTP date, a day at most; undefined where there is neither. */
function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return Math.min(Math.max(0, seconds * 1000), LONGEST_WAIT);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST_WAIT);
}
