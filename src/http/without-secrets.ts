import type { HttpRequest } from './http.js';

/** Characters of what a system says where it refuses: what it has to say stands at its beginning. */
const LONGEST = 1024 * 1024;

/** Shorter ones are no secrets, and words that an answer is recognised by. */
const SHORTEST_SECRET = 6;

/** A text from outside without what we signed in with, which a system or a proxy may repeat, and of a bounded length. */
export function withoutSecrets(text: string, { secrets = [] }: HttpRequest): string {
  const real = secrets.filter((each) => each.length >= SHORTEST_SECRET);
  return real.reduce((left, secret) => left.replaceAll(secret, '…'), text).slice(0, LONGEST);
}
