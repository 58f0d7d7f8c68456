/**
 * Why this is no address of a record with `{id}` and `{entityType}` in it, or undefined where it is
 * one. Its text is never shown: variables may be in it.
 */
export function linkProblem(link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  if (!link.includes('{id}')) return 'The link has no {id}, so it would lead to no record.';
  const filled = link.replaceAll('{id}', 'x').replaceAll('{entityType}', 'x');
  if (/[{}]/.test(filled)) return 'The link has a placeholder other than {id} and {entityType}.';
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'The link is not an http or https address.';
  return url.username !== '' || url.password !== '' ? 'The link carries a user name or password.' : undefined;
}
