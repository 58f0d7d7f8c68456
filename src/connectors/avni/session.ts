import { z } from 'zod';
import { Cancelled, SystemFailure } from '../../errors/system-failure.js';
import { whoseFault } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import { parseJson } from '../../http/parse-json.js';
import type { HttpResponse } from '../../http/http.js';
import type { Context } from '../connector.js';
import type { AvniSystemSettings } from './settings.js';
import { SharedCall } from './shared-call.js';

/** Signs in and asks, renewing the token once where it is refused; many requests share one renewal, and none depends on another’s being cancelled. */
export class AvniSession {
  private token: SharedCall<string> | undefined;

  constructor(private readonly settings: AvniSystemSettings) {}

  /** Any answer but a refused sign-in. `path` begins with `/`. @throws SystemFailure, Cancelled */
  async get(path: string, query: Record<string, string>, c: Context): Promise<HttpResponse> {
    const url = `${this.settings.url.replace(/\/$/, '')}${path}?${new URLSearchParams(query).toString()}`;
    const used = this.token;
    const first = await this.send(url, c);
    if (first.status !== 401 || !('username' in this.settings.auth)) return first;
    if (this.token === used) this.token = undefined;
    return this.send(url, c);
  }

  private async send(url: string, c: Context): Promise<HttpResponse> {
    return c.http.send({
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...(await this.headers(c)) },
      kind: 'read',
      signal: c.signal,
    });
  }

  private async headers(c: Context): Promise<Record<string, string>> {
    const { auth } = this.settings;
    if ('userName' in auth) return { 'user-name': auth.userName };
    if ('token' in auth) return { 'auth-token': auth.token };
    if (this.token === undefined || this.token.abandoned) this.token = new SharedCall((signal) => this.signIn(auth, { ...c, signal }));
    const mine = this.token;
    try {
      return { 'auth-token': await mine.wait(c.signal) };
    } catch (error) {
      // One that was cancelled leaves it to those who still wait.
      if (this.token === mine && !(error instanceof Cancelled)) this.token = undefined;
      throw error;
    }
  }

  private async signIn(auth: { username: string; password: string }, c: Context): Promise<string> {
    const url = `${this.settings.url.replace(/\/$/, '')}/api/user/generateToken`;
    const response = await c.http.send({ method: 'POST', url, json: auth, kind: 'read', signal: c.signal });
    if (response.status !== 200) throw signInFailure(response);
    return parseJson(response, z.looseObject({ authToken: z.string() }), 'Avni’s sign-in').authToken;
  }
}

/** Avni server, observed: a wrong password and an identity provider out of reach are both 401, told apart by text alone. */
function signInFailure(response: HttpResponse): SystemFailure {
  const { status, text } = response;
  if (status === 401 && text.includes('ResourceAccessException'))
    return new SystemFailure({
      code: 'Unavailable',
      status,
      message: 'Avni cannot reach its identity provider to sign in (401).',
      remedy: 'See whether Keycloak or Cognito is up.',
    });
  if (status === 403)
    return new SystemFailure({
      code: 'Forbidden',
      status,
      message: 'The user may not sign in over the API (403).',
      remedy: 'Set isAllowedToInvokeTokenGenerationAPI to true in the user’s settings in Avni.',
    });
  if (status === 404)
    return new SystemFailure({
      code: 'Unauthorized',
      status,
      message: 'Avni does not know the user, or it is voided (404).',
      remedy: 'Correct the user name in the worker’s environment.',
    });
  // Signing in concerns no record.
  const verdict = whoseFault({ place: 'look up', came: status, tries: 2, probe: 'sick' });
  return failureOfStatus(verdict.kind === 'system' ? verdict.code : 'BadResponse', response, 'Signing in to Avni');
}
