import { z } from 'zod';
import { Cancelled, SystemFailure } from '../../errors/system-failure.js';
import { whoseFault } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import { parseJson } from '../../http/parse-json.js';
import type { HttpRequest, HttpResponse } from '../../http/http.js';
import type { Context } from '../connector.js';
import { isObject } from '../../model/is-object.js';
import { headerText } from '../header-text.js';
import { jsonIn } from './json-in.js';
import type { AvniSystemSettings } from './settings.js';
import { SharedCall } from '../shared-call.js';

interface Credentials {
  username: string;
  password: string;
}

type Outgoing = Pick<HttpRequest, 'method' | 'url' | 'json' | 'kind'>;
type Asked = Omit<Outgoing, 'url'> & { path: string; query: Record<string, string> };

/**
 * Signs in and asks, renewing the token once where it is refused; many requests share one renewal,
 * and none depends on another’s being cancelled.
 */
export class AvniSession {
  private token: SharedCall<string> | undefined;

  constructor(private readonly settings: AvniSystemSettings) {}

  /** Any answer but a refused sign-in. `path` begins with `/`. @throws SystemFailure, Cancelled */
  get(path: string, query: Record<string, string>, c: Context): Promise<HttpResponse> {
    return this.ask({ method: 'GET', kind: 'read', path, query }, c);
  }

  /**
   * The same of a change, which is waited for once it has begun. What was refused for its token was
   * not done. @throws SystemFailure, Cancelled
   */
  write(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, version: string, json: unknown, c: Context): Promise<HttpResponse> {
    return this.ask({ method, kind: 'write', path, query: { version }, ...(json !== undefined ? { json } : {}) }, c);
  }

  /** By which name Avni knows the one who asks, where the settings tell. */
  get userName(): string | undefined {
    const { auth } = this.settings;
    if ('token' in auth) return userOfToken(auth.token);
    return 'userName' in auth ? auth.userName : auth.username;
  }

  private async ask({ path, query, ...more }: Asked, c: Context): Promise<HttpResponse> {
    const request = { ...more, url: `${this.base}${path}?${new URLSearchParams(query).toString()}` };
    const { auth } = this.settings;
    if ('userName' in auth) return this.send(request, { 'user-name': auth.userName }, c);
    if ('token' in auth) return this.sendWith(auth.token, request, c);
    const { used, response } = await this.sendSignedIn(request, auth, c);
    if (response.status !== 401) return response;
    // Of many that it was refused to, the first has it renewed.
    if (this.token === used) this.token = undefined;
    return (await this.sendSignedIn(request, auth, c)).response;
  }

  /**
   * Whether the service runs, whatever it makes of who asks and whatever became of its database.
   * @throws Cancelled
   */
  async isUp(c: Context): Promise<boolean> {
    try {
      return (await this.send({ method: 'GET', kind: 'read', url: `${this.base}/ping` }, {}, c)).status === 200;
    } catch (error) {
      if (error instanceof SystemFailure) return false;
      throw error;
    }
  }

  /** Whether it sends a token that was given to it ready-made. */
  get hasReadyToken(): boolean {
    return 'token' in this.settings.auth;
  }

  private get base(): string {
    return this.settings.url.replace(/\/$/, '');
  }

  private async send(request: Outgoing, headers: Record<string, string>, c: Context, secrets: string[] = []): Promise<HttpResponse> {
    return answerOf(() => c.http.send({ ...request, headers: { accept: 'application/json', ...headers }, secrets, signal: c.signal }));
  }

  private sendWith(token: string, request: Outgoing, c: Context): Promise<HttpResponse> {
    return this.send(request, { 'auth-token': token }, c, [token]);
  }

  /** `used`: the sign-in whose token was sent, which may have been made for this. */
  private async sendSignedIn(
    request: Outgoing,
    auth: Credentials,
    c: Context,
  ): Promise<{ used: SharedCall<string>; response: HttpResponse }> {
    if (this.token === undefined || this.token.abandoned) this.token = new SharedCall((signal) => this.signIn(auth, { ...c, signal }));
    const used = this.token;
    let token: string;
    try {
      token = await used.wait(c.signal);
    } catch (error) {
      // One that was cancelled leaves it to those who still wait.
      if (this.token === used && !(error instanceof Cancelled)) this.token = undefined;
      throw error;
    }
    return { used, response: await this.sendWith(token, request, c) };
  }

  private async signIn(auth: Credentials, c: Context): Promise<string> {
    const url = `${this.base}/api/user/generateToken`;
    const response = await answerOf(() =>
      c.http.send({ method: 'POST', url, json: auth, secrets: [auth.password], kind: 'read', signal: c.signal }),
    );
    if (response.status !== 200) throw signInFailure(response);
    const { authToken } = parseJson(response, signedIn, 'Avni’s sign-in');
    if (authToken === null) throw noProvider();
    return authToken;
  }
}

/** As Cognito and Keycloak name the user in a token; undefined where it says nothing. */
function userOfToken(token: string): string | undefined {
  const claims = jsonIn(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const named = isObject(claims) ? (claims['cognito:username'] ?? claims['preferred_username'] ?? claims['username']) : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** Characters of a token: servers take headers of 8 to 16 KB. */
const MAX_TOKEN = 16_384;

/** The token is sent in a header. */
const signedIn = z.object({ authToken: headerText.max(MAX_TOKEN).nullable() });

/**
 * Characters of a text that says why a request failed: what it has to say stands at its beginning.
 */
const MAX_TEXT = 16_384;

/**
 * An answer, of which a refusal's text is cut. One whose body broke off counts by the status that
 * was read: an Avni server whose database is gone answers 500, in a body that never ends (Avni
 * server, observed).
 */
async function answerOf(ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    const response = await ask();
    return response.status === 200 ? response : { ...response, text: response.text.slice(0, MAX_TEXT) };
  } catch (error) {
    if (!(error instanceof SystemFailure) || error.status === undefined || error.status < 400) throw error;
    return { status: error.status, headers: {}, text: '' };
  }
}

/** Avni server, observed: without an identity provider it gives null for any user and password. */
function noProvider(): SystemFailure {
  return new SystemFailure({
    code: 'Unauthorized',
    message: 'This Avni server has no identity provider: it gives no token for a user name and password.',
    remedy: 'Write auth: { userName: … } for this system in the definition, without a password.',
  });
}

/**
 * Avni server, observed: a wrong password and an identity provider out of reach are both 401, told
 * apart by text alone.
 */
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
