import { createPrivateKey, randomUUID, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { parsed } from './parsed.js';

/** A client that is known by its private key. */
interface KeyedClient {
  clientId: string;
  privateKey: string;
  keyId?: string | undefined;
}

/**
 * Seconds for which a statement holds: five minutes at most (SMART App Launch 2.0, backend
 * services).
 */
const LIFE = 240;

const named = z.object({ kid: z.string().optional() });

/**
 * Who the client is, signed for one token address, for one use. @throws SystemFailure where the key
 * is none that can sign
 */
export async function assertionOf({ clientId, privateKey, keyId }: KeyedClient, tokenUrl: string): Promise<string> {
  const { key, kid: own } = keyIn(privateKey);
  const kid = keyId ?? own;
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: algorithmOf(key), typ: 'JWT', ...(kid !== undefined ? { kid } : {}) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFE)
    .setJti(randomUUID())
    .sign(key);
}

/** A variable of the environment may hold a PEM on one line, with `\\n` for its breaks. */
function keyIn(text: string): { key: KeyObject; kid?: string } {
  try {
    const isJwk = text.trim().startsWith('{');
    const jwk = isJwk ? parsed(text) : undefined;
    const { kid } = named.safeParse(jwk).data ?? {};
    const key = isJwk ? createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }) : createPrivateKey(text.replaceAll('\\n', '\n'));
    return { key, ...(kid !== undefined ? { kid } : {}) };
  } catch {
    throw noKey('it cannot be read');
  }
}

/** Those that every SMART server takes. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa') return 'RS384';
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'secp384r1') return 'ES384';
  throw noKey('it is neither of RSA nor of P-384');
}

function noKey(why: string): SystemFailure {
  return new SystemFailure({
    code: 'Unauthorized',
    message: `Signing in to the FHIR server: auth.privateKey is of no use: ${why}.`,
    remedy: 'Give the private key as PEM (PKCS #8) or as a JWK, of RSA or of EC P-384, in the worker’s environment, and restart it.',
  });
}
