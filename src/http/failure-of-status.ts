import { SystemFailure, type SystemFailureDetails } from '../errors/system-failure.js';
import type { HttpResponse } from './http.js';

/** The failure of the system, not of a record, that a status stands for; undefined where it stands for none. `place`: what was asked for, in words. */
export function failureOfStatus(response: HttpResponse, kind: 'read' | 'write', place: string): SystemFailure | undefined {
  const details = detailsOf(response.status, kind, place);
  if (!details) return undefined;
  const wait = retryAfter(response.headers['retry-after']);
  return new SystemFailure({ ...details, status: response.status, ...(wait !== undefined ? { retryAfter: wait } : {}) });
}

function detailsOf(status: number, kind: 'read' | 'write', place: string): SystemFailureDetails | undefined {
  if (status === 401)
    return {
      code: 'Unauthorized',
      message: `${place}: the credentials were refused (401).`,
      remedy: 'Correct the credentials in the worker’s environment and restart it.',
    };
  if (status === 403 && kind === 'read')
    return {
      code: 'Forbidden',
      message: `${place}: reading is not allowed (403).`,
      remedy: 'Give the integration’s user the privilege to view this type.',
    };
  if (status === 404 && kind === 'read')
    return { code: 'NotFound', message: `${place}: nothing there (404).`, remedy: 'Correct the url of the system.' };
  if (status === 429)
    return {
      code: 'RateLimited',
      message: `${place}: too many requests (429).`,
      remedy: 'Nothing to do: it waits as long as it was asked to.',
    };
  if (status === 502 || status === 503 || status === 504)
    return {
      code: 'Unavailable',
      message: `${place}: the system is not available (${status}).`,
      remedy: 'See whether the system is up; it is tried again by itself.',
    };
  if (status >= 300 && status < 400)
    return { code: 'BadResponse', message: `${place}: answered with a redirect (${status}).`, remedy: 'Put the final address into url.' };
  return undefined;
}

/** Milliseconds, from seconds or an HTTP date; undefined where there is neither. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
