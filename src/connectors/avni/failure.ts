import { SystemFailure } from '../../errors/system-failure.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';

/** The failure an answer of Avni stands for when reading; undefined for a 200. The texts are an Avni server's, observed. */
export function avniFailure(response: HttpResponse, place: string): SystemFailure | undefined {
  const { status, text } = response;
  if (status === 200) return undefined;
  const privilege = /privilege of type: (\w+)/.exec(text)?.[1];
  if (status === 403 && privilege !== undefined)
    return new SystemFailure({
      code: 'Forbidden',
      status,
      message: `${place}: the user lacks the privilege ${privilege}.`,
      remedy: `Give the integration’s user group the privilege ${privilege} for this type in Avni.`,
    });
  if (status === 500 && text.includes('AccessDeniedException'))
    return new SystemFailure({
      code: 'Forbidden',
      status,
      message: `${place}: this user may not read an organisation’s data.`,
      remedy: 'Use a user of the organisation, not a super admin.',
    });
  const known = failureOfStatus(response, 'read', place);
  if (known) return known;
  return new SystemFailure({
    code: 'ServerError',
    status,
    message: `${place}: Avni answered ${status}.`,
    remedy: 'See the Avni server’s log; it is tried again by itself.',
  });
}
