import { SystemFailure } from '../errors/system-failure.js';
import type { HttpResponse } from '../http/http.js';

/** A system's own clock, in milliseconds: the start of the second its Date header names. @throws SystemFailure where it names none. */
export function clockOf(response: HttpResponse, place: string): number {
  const time = Date.parse(response.headers['date'] ?? '');
  if (!Number.isNaN(time)) return time;
  throw new SystemFailure({
    code: 'BadResponse',
    message: `${place}: the answer has no Date header, so the system’s clock is not known.`,
    remedy: 'Let the proxy before the system pass the Date header on.',
  });
}
