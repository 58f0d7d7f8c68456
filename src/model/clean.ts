import { withoutUnseen } from './unseen.js';

/**
 * A text from outside as one line that can be shown and stored: what cannot be printed becomes a
 * space, and what is past `most` characters is cut.
 */
export function clean(text: string, most: number): string {
  return withoutUnseen(text.slice(0, most), ' ').trim();
}

/** Bytes of a value as JSON, as Temporal stores it. */
export function bytesOf(value: unknown): number {
  const text = JSON.stringify(value) ?? '';
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Half of a pair is two of its four bytes.
    if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}
