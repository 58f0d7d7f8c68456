/** Whether no half of a character stands alone in it: no system can be sent one. */
export function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

/**
 * Half a character, which neither UTF-8 nor an address can hold, as an escape that no other id
 * gives. A record with such an id is refused when it is written.
 */
export function wellFormed(id: string, encode = (text: string): string => text): string {
  if (isWellFormed(id)) return encode(id);
  const parts = id.split(/(\p{Cs})/u);
  return parts.map((part, index) => (index % 2 === 0 ? encode(part) : `%u${part.charCodeAt(0).toString(16)}`)).join('');
}
