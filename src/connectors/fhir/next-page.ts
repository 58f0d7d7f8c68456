import { SystemFailure } from '../../errors/system-failure.js';

/**
 * The path of a further page, relative to `base`, of a link that servers give whole, or relative to
 * their host, to their base or to the page before it. `aliases` are other addresses by which the
 * server calls itself, as one behind a proxy does: such a link is asked for at `base`.
 *
 * @throws SystemFailure where it lies outside of the base: what is sent there has our credentials
 */
export function nextPage(
  link: string,
  before: string,
  { base, aliases = [] }: { base: string; aliases?: readonly string[] | undefined },
  place: string,
): string {
  // One of a query alone is of the page before; any other that is relative, of the base, also where
  // that page lay elsewhere.
  const from = link.startsWith('?') ? before : `${base}/`;
  const url = URL.canParse(link, from) ? new URL(link, from) : undefined;
  const own = url && pathBelow(url, { base, aliases });
  if (own !== undefined) return own;
  throw new SystemFailure({
    code: 'BadResponse',
    message: `${place}: the address of its next page is not below the url of the system.`,
    remedy: 'Correct the server’s own base address in its settings, or name that address under “aliases” of the system.',
  });
}

/**
 * What stands in an address behind the base of a server, or behind another address by which it
 * calls itself, without a slash before it; undefined where the address lies outside of all these.
 */
export function pathBelow(url: URL, { base, aliases = [] }: { base: string; aliases?: readonly string[] | undefined }): string | undefined {
  return [base, ...aliases]
    .map((each) => within(url, each))
    .find((rest) => rest !== undefined)
    ?.replace(/^\//, '');
}

/**
 * Segments below the base as R4's own addresses have them. Servers and proxies take signs written
 * as `%2f` or `..;` for ways out of the base, and words that begin with `$` for operations.
 */
const PLAIN = /^(?:\/(?!\.+(?:\/|$))[\w.-]+)*\/?$/;

/** What stands behind a base in an address below it. */
function within(url: URL, base: string): string | undefined {
  const { origin, pathname } = new URL(base);
  const path = pathname.replace(/\/$/, '');
  if (url.origin !== origin || !isBelow(url.pathname, path)) return undefined;
  const rest = url.pathname.slice(path.length);
  return PLAIN.test(rest) ? rest + url.search : undefined;
}

function isBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}
