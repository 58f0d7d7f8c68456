import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { whoseFault } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpRequest, HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context } from '../connector.js';
import { headerText } from '../header-text.js';
import { SharedCall } from '../shared-call.js';
import type { Authorization, SignedIn } from './authorization.js';
import { assertionOf } from './client-assertion.js';
import { parsed } from './parsed.js';
import type { OAuthClient } from './settings.js';

/** Seconds before its end at which a token is no more used, at most. */
const EARLY = 60;

const PLACE = 'Signing in to the FHIR server';

const answer = z.object({ access_token: headerText, expires_in: z.number().positive().optional().catch(undefined) });
const configuration = z.object({ token_endpoint: z.url({ protocol: /^https?$/ }) });
const refusal = z.object({ error: z.string() });

/** OAuth2's own words for a refusal (RFC 6749 §5.2): another may quote what was sent. */
const REFUSALS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/**
 * Tokens of OAuth2, by client credentials or as a SMART backend service. One sign-in serves all
 * requests; it is renewed before the token ends, and once a request was refused with it.
 */
export class OAuthTokens implements Authorization {
  private current: SharedCall<SignedIn> | undefined;
  private signedIn: SignedIn | undefined;
  /** When another one is to be asked for, by a clock that only goes on. */
  private renewAt = Number.POSITIVE_INFINITY;
  private tokenUrl: string | undefined;

  constructor(
    private readonly client: OAuthClient,
    private readonly base: string,
  ) {
    this.tokenUrl = client.tokenUrl;
  }

  async signIn(c: Context): Promise<SignedIn> {
    if (performance.now() >= this.renewAt) this.forget();
    if (!this.current || this.current.abandoned) this.current = new SharedCall((signal) => this.ask({ ...c, signal }));
    const used = this.current;
    try {
      return await used.wait(c.signal);
    } catch (error) {
      // One that was cancelled leaves it to those who still wait.
      if (this.current === used && !c.signal.aborted) this.forget();
      throw error;
    }
  }

  renew(used: SignedIn): boolean {
    // Of many that were refused, the first has it renewed.
    if (this.signedIn === used) this.forget();
    return true;
  }

  private forget(): void {
    [this.current, this.signedIn, this.renewAt] = [undefined, undefined, Number.POSITIVE_INFINITY];
  }

  private async ask(c: Context): Promise<SignedIn> {
    const asked = performance.now();
    const url = (this.tokenUrl ??= await this.discover(c));
    const response = await c.http.send({ ...(await this.request(url)), signal: c.signal });
    if (response.status !== 200) throw refused(response);
    const { access_token: token, expires_in: life } = parseJson(response, answer, PLACE);
    this.renewAt = life === undefined ? Number.POSITIVE_INFINITY : asked + (life - Math.min(EARLY, life / 4)) * 1_000;
    this.signedIn = { header: { authorization: `Bearer ${token}` }, secrets: [token] };
    return this.signedIn;
  }

  /**
   * The client's secret stands in a header, and the signed statement in the form, as their
   * standards prefer.
   */
  private async request(url: string): Promise<Omit<HttpRequest, 'signal'>> {
    const { client } = this;
    const scope = client.scope === undefined ? {} : { scope: client.scope };
    const form = { grant_type: 'client_credentials', ...scope };
    const headers = { accept: 'application/json' };
    if ('clientSecret' in client) {
      const pair = [client.clientId, client.clientSecret].map((each) => new URLSearchParams({ '': each }).toString().slice(1)).join(':');
      const basic = Buffer.from(pair).toString('base64');
      const secrets = [client.clientSecret, basic];
      return { method: 'POST', kind: 'read', url, form, headers: { ...headers, authorization: `Basic ${basic}` }, secrets };
    }
    const assertion = await assertionOf(client, url);
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const signed = { ...form, client_assertion_type: type, client_assertion: assertion };
    return { method: 'POST', kind: 'read', url, form: signed, headers, secrets: [assertion] };
  }

  /**
   * Where tokens are given, as the server says itself; never without TLS where the server has it.
   */
  private async discover(c: Context): Promise<string> {
    const url = `${this.base}/.well-known/smart-configuration`;
    const response = await c.http.send({ method: 'GET', kind: 'read', url, headers: { accept: 'application/json' }, signal: c.signal });
    const found = response.status === 200 ? configuration.safeParse(parsed(response.text)).data?.token_endpoint : undefined;
    if (found !== undefined && !(this.base.startsWith('https:') && found.startsWith('http:'))) return found;
    if (response.status === 429 || response.status >= 500) throw refused(response);
    throw new SystemFailure({
      code: 'Unauthorized',
      status: response.status,
      message: `${PLACE}: it does not say where it gives tokens (.well-known/smart-configuration, ${response.status}).`,
      remedy: 'Write auth.tokenUrl of the system in the definition.',
    });
  }
}

/**
 * Whose fault it is that there is no token: the client's, where the sign-in says so; else the
 * system's.
 */
function refused(response: HttpResponse): SystemFailure {
  const { status } = response;
  const verdict = whoseFault({ place: 'look up', came: status, tries: 2, probe: 'sick' });
  const known = verdict.kind === 'system' ? verdict.code : 'BadResponse';
  const code = status === 400 || status === 403 ? 'Unauthorized' : known;
  if (code !== 'Unauthorized') return failureOfStatus(code, response, PLACE);
  const { error = '' } = refusal.safeParse(parsed(response.text)).data ?? {};
  const said = REFUSALS.has(error) ? `${status}, ${error}` : `${status}`;
  return new SystemFailure({
    code,
    status,
    message: `${PLACE}: the client was refused (${said}).`,
    remedy: 'Correct the client’s id, its secret or key, and its scope, in the worker’s environment or on the authorisation server.',
  });
}
