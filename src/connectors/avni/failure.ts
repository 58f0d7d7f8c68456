import { SystemFailure, type SystemFailureCode } from '../../errors/system-failure.js';
import type { Incident, Place } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';
import type { Context } from '../connector.js';
import type { AvniSession } from './session.js';

/**
 * What came of a request to Avni. A user who belongs to no organisation gets a 500 that means 403
 * (Avni server, observed).
 */
export function incidentOf({ status, text }: HttpResponse, place: Place): Omit<Incident, 'tries' | 'probe'> {
  const came = status === 500 && text.includes('AccessDeniedException') ? 403 : status;
  return { place, came, several: place === 'read page' };
}

/**
 * The system's failure in words; the texts are an Avni server's, observed. `place`: what was asked
 * for, in words.
 */
export function avniFailure(code: SystemFailureCode, response: HttpResponse, place: string): SystemFailure {
  const { status, text } = response;
  const privilege = /privilege of type: (\w{1,100})\b/.exec(text)?.[1];
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

/**
 * The same where Avni was asked more than once. Every request fails with 500 where its database is
 * gone, and as well where a token comes from elsewhere: so long as the service itself answers, both
 * are possible.
 */
export async function sickFailure(
  session: AvniSession,
  code: SystemFailureCode,
  response: HttpResponse,
  place: string,
  c: Context,
): Promise<SystemFailure> {
  if (code !== 'ServerError' || !(await session.isUp(c))) return avniFailure(code, response, place);
  const { status } = response;
  const message = `${place}: Avni answers every request with ${status}, though the service itself is up (/ping).`;
  const database = 'See whether Avni’s database is up, and Avni’s log; it is tried again by itself.';
  const remedy = session.hasReadyToken
    ? `Either its database is down, or the token is not one of this server: compare auth.token of the system in the definition; a server without identity provider takes auth.userName alone. ${database}`
    : database;
  return new SystemFailure({ code, status, message, remedy });
}
