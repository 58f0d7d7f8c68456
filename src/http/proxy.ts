import { getProxyForUrl } from 'proxy-from-env';
import { getOwn } from '../model/keyed.js';

/** The proxy for an address; or which variable names one that can be none, and why. */
export type Proxy = { url: URL } | { variable: string; problem: string };

/**
 * The proxy that the environment names for an origin; undefined for none. Its value is never shown:
 * it may hold a password.
 */
export function proxyFor(origin: string): Proxy | undefined {
  const named = getProxyForUrl(origin);
  if (named === '') return undefined;
  const url = URL.canParse(named) ? new URL(named) : undefined;
  const problem = url ? problemOf(url) : 'is no address';
  return url && problem === undefined ? { url } : { variable: variableFor(origin), problem: problem ?? '' };
}

function problemOf({ protocol, username, password }: URL): string | undefined {
  if (!/^https?:$/.test(protocol)) return 'is no http or https address';
  try {
    decodeURIComponent(username + password);
    return undefined;
  } catch {
    return 'has a user name or password with a "%" that stands for no character: write it as %25';
  }
}

/** The one that counts, in the order in which they are looked at. */
function variableFor(origin: string): string {
  const name = `${new URL(origin).protocol.replace(':', '')}_proxy`;
  const names = [name, name.toUpperCase(), 'all_proxy', 'ALL_PROXY'];
  return names.find((each) => (getOwn(process.env, each) ?? '') !== '') ?? name.toUpperCase();
}
