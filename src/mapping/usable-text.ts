/** Characters; no address of a request takes more. */
const MAX_LENGTH = 2_000;
const HALF_A_CHARACTER = /\p{Cs}/u;

/**
 * Whether a text of a record can be an id or a business key: half of an emoji cannot be sent, and
 * fails wherever it is encoded.
 */
export function isUsableText(text: string): boolean {
  return text.length <= MAX_LENGTH && !HALF_A_CHARACTER.test(text);
}
