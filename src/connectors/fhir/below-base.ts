import { pathBelow } from './next-page.js';

/**
 * A reference as it would stand below the base of a server; undefined where it is to another
 * server, which may have somebody else under the same id.
 */
export function belowBase(
  reference: string,
  { base, aliases }: { base: string; aliases?: readonly string[] | undefined },
): string | undefined {
  const url = URL.canParse(reference) ? new URL(reference) : undefined;
  return url ? pathBelow(url, { base, aliases }) : reference;
}
