/**
 * Whether a stored narrative is the one that is sent; where none is sent, whether it is one that
 * the server generates by itself. Of its XHTML the white space between words and tags, and the
 * namespace that servers add, make no difference.
 */
export function sameNarrative(stored: unknown, sent: unknown): boolean {
  if (sent === undefined) return stored === undefined || statusOf(stored) === 'generated';
  return statusOf(stored) === statusOf(sent) && divOf(stored) === divOf(sent);
}

function statusOf(narrative: unknown): unknown {
  return (narrative as { status?: unknown } | undefined)?.status;
}

function divOf(narrative: unknown): string {
  const { div } = (narrative ?? {}) as { div?: unknown };
  return String(div)
    .replaceAll(' xmlns="http://www.w3.org/1999/xhtml"', '')
    .replace(/\s+/g, ' ')
    .replaceAll(' />', '/>')
    .replaceAll('> <', '><')
    .trim();
}
