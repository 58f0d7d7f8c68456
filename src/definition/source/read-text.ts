import { createReadStream } from 'node:fs';

/** A file's text, or why it cannot be used. */
export type ReadText = { text: string } | { problem: 'TooLarge' | 'NotUtf8' };

/**
 * A file's text, of at most so many bytes; in another encoding names in it would silently be
 * others. @throws where it cannot be read
 */
export async function readText(path: string, most: number): Promise<ReadText> {
  const parts: Buffer[] = [];
  // One byte more tells whether there is more.
  for await (const part of createReadStream(path, { end: most })) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (bytes.length > most) return { problem: 'TooLarge' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'NotUtf8' };
  }
}
