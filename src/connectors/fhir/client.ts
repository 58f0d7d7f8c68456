import pLimit from 'p-limit';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf, type FinalVerdict } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpRequest, HttpResponse } from '../../http/http.js';
import { scrubbed } from '../../http/without-secrets.js';
import type { Context } from '../connector.js';
import { statusOf } from './answer.js';
import { authorizationFor } from './authorization-for.js';
import type { Authorization, SignedIn } from './authorization.js';
import { isResource, parsed } from './parsed.js';
import type { FhirSystemSettings } from './settings.js';

const FHIR_JSON = 'application/fhir+json';

/** Characters of an answer that tell whose fault it is. */
const LOOKED_AT = 16_384;

/** Requests at once where the settings say nothing. */
const AT_ONCE = 16;

/** What a search goes by. */
export type SearchParameter = '_id' | '_tag' | 'identifier';

/**
 * Speaks to one FHIR server, with no more requests at once than its `concurrency`, whoever asks and
 * whatever for.
 */
export class FhirClient {
  /** Without a slash at its end. */
  readonly base: string;
  /**
   * Whether it turned out to keep tags, security labels and profiles that are left out of a write,
   * and not to have `$meta-delete`.
   */
  keepsMeta = false;
  /** False once it turned out to take by GET what it does not take by POST. */
  searchesByPost = true;
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly authorization: Authorization;

  constructor(readonly settings: FhirSystemSettings) {
    this.base = settings.url.replace(/\/$/, '');
    this.authorization = authorizationFor(settings.auth, this.base);
    this.limit = pLimit(settings.concurrency ?? AT_ONCE);
  }

  /**
   * `path` is relative to the base. A request that waits its turn has not begun: cancelled then, it
   * never does.
   */
  async send(
    request: Pick<HttpRequest, 'method' | 'kind'> & {
      path: string;
      body?: unknown;
      form?: Record<string, string>;
      headers?: Record<string, string>;
    },
    c: Context,
  ): Promise<HttpResponse> {
    const { method, kind, path, body, form, headers } = request;
    const outgoing = ({ header, secrets }: SignedIn): HttpRequest => ({
      method,
      kind,
      url: this.urlOf(path),
      // HAPI answers a search from a cache of a minute unless it is told not to.
      headers: {
        accept: FHIR_JSON,
        'cache-control': 'no-cache',
        ...(body !== undefined ? { 'content-type': FHIR_JSON } : {}),
        ...header,
        ...headers,
      },
      ...(body !== undefined ? { json: body } : {}),
      ...(form ? { form } : {}),
      secrets,
      signal: c.signal,
    });
    // What went wrong may be said, and our token repeated, in a success too.
    const exchanged = async (signedIn: SignedIn): Promise<HttpResponse> => {
      const response = await c.http.send(outgoing(signedIn));
      return response.text.includes('"OperationOutcome"') ? { ...response, text: scrubbed(response.text, signedIn.secrets) } : response;
    };
    return this.limit(async () => {
      const used = await this.authorization.signIn(c);
      const response = await exchanged(used);
      // What is refused so was not carried out, a write neither.
      if (response.status !== 401 || !this.authorization.renew(used)) return response;
      return exchanged(await this.authorization.signIn(c));
    });
  }

  /** Asks where no record can be at fault. @throws SystemFailure for anything but a 200. */
  async read(path: string, place: string, c: Context): Promise<HttpResponse> {
    const { answer, verdict } = await this.ask(path, {}, () => Promise.resolve(false), c);
    if (verdict.kind === 'done') return answer;
    throw failureOfStatus(systemCodeOf(verdict), answer, place);
  }

  /**
   * Any answer to a search, which is by POST where it has a `form`, and whose fault it is where it
   * is not a good one.
   *
   * @throws SystemFailure where there is none
   */
  ask(
    path: string,
    { several = false, form }: { several?: boolean; form?: Record<string, string> },
    isHealthy: () => Promise<boolean>,
    c: Context,
  ): Promise<{ answer: HttpResponse; verdict: FinalVerdict }> {
    return settle(
      () => this.send(form ? { method: 'POST', kind: 'read', path, form } : { method: 'GET', kind: 'read', path }, c),
      (answer) => ({
        place: form ? 'search by POST' : 'look up',
        came: statusOf(answer),
        text: answer.text.slice(0, LOOKED_AT),
        several,
      }),
      isHealthy,
    );
  }

  /**
   * Whether a search for what nothing has, by this parameter, is answered well: no record can be at
   * fault in that. @throws SystemFailure `Forbidden` where the user may not search for the type:
   * nothing is learnt of the record then, and nobody has to guess why.
   */
  async isHealthy(type: string, parameter: SearchParameter, c: Context): Promise<boolean> {
    const value = parameter === '_id' ? 'sangam-probe' : 'urn:sangam:probe|none';
    try {
      const response = await this.send({ method: 'GET', kind: 'read', path: `${type}?${parameter}=${encodeURIComponent(value)}` }, c);
      if (statusOf(response) === 403) throw failureOfStatus('Forbidden', response, `Searching for ${type} in the FHIR server`);
      return statusOf(response) === 200 && isResource(parsed(response.text));
    } catch (error) {
      if (error instanceof SystemFailure && error.code !== 'Forbidden') return false;
      throw error;
    }
  }

  /** The whole address of a path; one that begins with `?` asks the base itself. */
  urlOf(path: string): string {
    return path.startsWith('?') ? this.base + path : `${this.base}/${path}`;
  }
}
