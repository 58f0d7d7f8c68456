import { randomUUID } from 'node:crypto';
import { importJWK, jwtVerify, type JWK } from 'jose';
import type { SimulatedRequest, SimulatedResponse } from '../server.js';

/** A client of OAuth2 as the authorisation server knows it: by a secret or by its public key. */
export interface TokenClient {
  id: string;
  secret?: string;
  publicKey?: JWK;
}

export interface TokenEndpointOptions {
  clients: TokenClient[];
  /** Seconds for which a token holds; absent: it does not tell, and it holds. */
  life?: number;
}

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Gives tokens by client credentials (RFC 6749 §4.4) and to SMART backend services, and knows those
 * that hold.
 */
export class TokenEndpoint {
  private readonly tokens = new Map<string, number>();
  private readonly used = new Set<string>();
  /** Tokens given so far. */
  given = 0;

  constructor(
    private readonly options: TokenEndpointOptions,
    private readonly base: () => string,
  ) {}

  get url(): string {
    return `${this.base()}/oauth/token`;
  }

  /** What a SMART server says of itself. */
  configuration(): object {
    return {
      token_endpoint: this.url,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    };
  }

  /** Whether a request is authorised. */
  knows(authorization: string | undefined): boolean {
    const until = this.tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    return until !== undefined && Date.now() < until;
  }

  /** All tokens given so far hold no more. */
  expire(): void {
    this.tokens.clear();
  }

  async answer({ method, body, headers }: SimulatedRequest): Promise<SimulatedResponse> {
    if (method !== 'POST') return { status: 405 };
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'client_credentials') return refused(400, 'unsupported_grant_type');
    const known = form.has('client_assertion') ? await this.isSigned(form) : this.hasSecret(headers.authorization);
    if (!known) return refused(form.has('client_assertion') ? 400 : 401, 'invalid_client');
    const { life } = this.options;
    const token = `token-${randomUUID()}`;
    this.given += 1;
    this.tokens.set(token, life === undefined ? Number.POSITIVE_INFINITY : Date.now() + life * 1_000);
    return {
      status: 200,
      body: { access_token: token, token_type: 'bearer', ...(life !== undefined ? { expires_in: life } : {}), scope: form.get('scope') },
    };
  }

  private hasSecret(authorization = ''): boolean {
    const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
    const [id, secret] = pair.split(':').map((each) => decodeURIComponent(each.replaceAll('+', ' ')));
    return this.options.clients.some((each) => each.secret !== undefined && each.id === id && each.secret === secret);
  }

  /** Each statement serves once. */
  private async isSigned(form: URLSearchParams): Promise<boolean> {
    if (form.get('client_assertion_type') !== ASSERTION) return false;
    for (const { id, publicKey } of this.options.clients) {
      if (!publicKey) continue;
      const bounds = { issuer: id, subject: id, audience: this.url, algorithms: ['RS384', 'ES384'], requiredClaims: ['exp', 'jti'] };
      const verified = await importJWK(publicKey, publicKey.kty === 'RSA' ? 'RS384' : 'ES384')
        .then((key) => jwtVerify(form.get('client_assertion') ?? '', key, bounds))
        .catch(() => undefined);
      const { jti = '', exp = 0 } = verified?.payload ?? {};
      if (!verified || this.used.has(jti) || exp - Date.now() / 1_000 > 300) continue;
      this.used.add(jti);
      return true;
    }
    return false;
  }
}

function refused(status: number, error: string): SimulatedResponse {
  return { status, body: { error } };
}
