import type { Context } from '../connector.js';
import { OAuthTokens } from './oauth-tokens.js';
import type { FhirAuth } from './settings.js';

/** What one request is authorised by. */
export interface SignedIn {
  header: Record<string, string>;
  secrets: string[];
}

/** How requests to one server are authorised. */
export interface Authorization {
  /** @throws SystemFailure where the sign-in fails, Cancelled */
  signIn(c: Context): Promise<SignedIn>;
  /** It was refused (401). @returns whether signing in again may give another one */
  renew(used: SignedIn): boolean;
}

/** `base`: the server's address, without a slash at its end. */
export function authorizationFor(auth: FhirAuth | undefined, base: string): Authorization {
  if (auth === undefined) return always({ header: {}, secrets: [] });
  if ('clientId' in auth) return new OAuthTokens(auth, base);
  if ('token' in auth) return always({ header: { authorization: `Bearer ${auth.token}` }, secrets: [auth.token] });
  const text = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
  return always({ header: { authorization: `Basic ${text}` }, secrets: [auth.password, text] });
}

function always(signedIn: SignedIn): Authorization {
  return { signIn: () => Promise.resolve(signedIn), renew: () => false };
}
