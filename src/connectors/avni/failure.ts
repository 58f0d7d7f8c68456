import { SystemFailure, type SystemFailureCode } from '../../errors/system-failure.js';
import type { Incident, Place } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';

/** What came of a request to Avni. A user who belongs to no organisation gets a 500 that means 403 (Avni server, observed). */
export function incidentOf({ status, text }: HttpResponse, place: Place): Omit<Incident, 'tries' | 'probe'> {
  const came = status === 500 && text.includes('AccessDeniedException') ? 403 : status;
  return { place, came, text, several: place === 'read page' };
}

/** The system's failure in words; the texts are an Avni server's, observed. `place`: what was asked for, in words. */
export function avniFailure(code: SystemFailureCode, response: HttpResponse, place: string): SystemFailure {
  const { status, text } = response;
  const privilege = /privilege of type: (\w+)/.exec(text)?.[1];
  if (status === 403 && privilege !== undefined)
    return new SystemFailure({
      code,
      status,
      message: `${place}: the user lacks the privilege ${privilege}.`,
      remedy: `Give the integration’s user group the privilege ${privilege} for this type in Avni.`,
    });
  if (status === 500 && code === 'Forbidden')
    return new SystemFailure({
      code,
      status,
      message: `${place}: this user may not read an organisation’s data.`,
      remedy: 'Use a user of the organisation, not a super admin.',
    });
  return failureOfStatus(code, response, place);
}
