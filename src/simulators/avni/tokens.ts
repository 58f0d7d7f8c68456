import { createHmac } from 'node:crypto';

/** Seconds for which the server accepts a token after its end. */
const LEEWAY = 240_000;
let issued = 0;

/** Where a token could not be read as one it is `undecodable`; where it is not ours, `forged`. */
export type TokenState = { state: 'good'; username: string; left: number } | { state: 'expired' | 'undecodable' | 'forged' };

/** Signed tokens. All simulators know each other’s, as servers behind one identity provider do. */
export class Tokens {
  private expiredUpTo = -1;

  issue(username: string, life: number): string {
    const claims = { username, exp: Math.floor((Date.now() + life) / 1000), n: issued++ };
    const signed = `${encoded({ alg: 'HS256', kid: 'simulator' })}.${encoded(claims)}`;
    return `${signed}.${signature(signed)}`;
  }

  /** Makes every token issued so far expire. */
  expireAll(): void {
    this.expiredUpTo = issued - 1;
  }

  read(token: string): TokenState {
    const [header = '', claims = '', sign] = token.split('.');
    const [known, told] = [
      decoded(header) as { kid?: string } | undefined,
      decoded(claims) as { username: string; exp: number; n: number } | undefined,
    ];
    if (!known || !told || sign === undefined || known.kid !== 'simulator') return { state: 'undecodable' };
    if (sign !== signature(`${header}.${claims}`)) return { state: 'forged' };
    const left = told.exp * 1000 - Date.now();
    if (told.n <= this.expiredUpTo || left < -LEEWAY) return { state: 'expired' };
    return { state: 'good', username: told.username, left };
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function signature(text: string): string {
  return createHmac('sha256', 'no secret at all').update(text).digest('base64url');
}
