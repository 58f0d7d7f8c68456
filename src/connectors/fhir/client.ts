import { SystemFailure } from '../../errors/system-failure.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpRequest, HttpResponse } from '../../http/http.js';
import type { Context } from '../connector.js';
import type { FhirSystemSettings } from './settings.js';

const FHIR_JSON = 'application/fhir+json';

/** Speaks to one FHIR server. */
export class FhirClient {
  /** Without a slash at its end. */
  readonly base: string;
  private readonly authorization: Record<string, string>;

  constructor(readonly settings: FhirSystemSettings) {
    this.base = settings.url.replace(/\/$/, '');
    this.authorization = authorizationOf(settings.auth);
  }

  /** `path` is relative to the base, or absolute on the same origin. */
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
    return c.http.send({
      method,
      kind,
      url: this.urlOf(path),
      // HAPI answers a search from a cache of a minute unless it is told not to.
      headers: {
        accept: FHIR_JSON,
        'cache-control': 'no-cache',
        ...(body !== undefined ? { 'content-type': FHIR_JSON } : {}),
        ...this.authorization,
        ...headers,
      },
      ...(body !== undefined ? { json: body } : {}),
      ...(form ? { form } : {}),
      signal: c.signal,
    });
  }

  /** @throws SystemFailure for anything but a 200. */
  async read(path: string, place: string, c: Context): Promise<HttpResponse> {
    let response = await this.send({ method: 'GET', kind: 'read', path }, c);
    if (response.status === 500) response = await this.send({ method: 'GET', kind: 'read', path }, c);
    this.expectOk(response, place);
    return response;
  }

  expectOk(response: HttpResponse, place: string): void {
    if (response.status === 200) return;
    throw (
      failureOfStatus(response, 'read', place) ??
      new SystemFailure({
        code: 'ServerError',
        status: response.status,
        message: `${place}: the FHIR server answered ${response.status}.`,
        remedy: 'See the FHIR server’s log; it is tried again by itself.',
      })
    );
  }

  /** Whether the server answers where no record can be at fault. */
  async isHealthy(c: Context): Promise<boolean> {
    try {
      return (await this.send({ method: 'GET', kind: 'read', path: 'metadata' }, c)).status === 200;
    } catch (error) {
      if (error instanceof SystemFailure) return false;
      throw error;
    }
  }

  private urlOf(path: string): string {
    if (!/^https?:/.test(path)) return `${this.base}/${path}`;
    if (new URL(path).origin !== new URL(this.base).origin)
      throw new SystemFailure({
        code: 'BadResponse',
        message: 'The FHIR server’s next page lies on another server.',
        remedy: 'Correct the server’s own base address in its settings.',
      });
    return path;
  }
}

function authorizationOf(auth: FhirSystemSettings['auth']): Record<string, string> {
  if (!auth) return {};
  if ('token' in auth) return { authorization: `Bearer ${auth.token}` };
  return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
}
