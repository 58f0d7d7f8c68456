import type { Authorization, SignedIn } from './authorization.js';
import { OAuthTokens } from './oauth-tokens.js';
import type { FhirAuth } from './settings.js';

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
