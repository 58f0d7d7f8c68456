import { randomUUID } from 'node:crypto';
import { Refusal } from './answers.js';

/** Where the server keeps pictures. */
const BUCKET = 'https://media.avni.example/';

/**
 * What is stored of a picture’s address: what is elsewhere is copied into the bucket, under a name
 * of its own. @throws Refusal 500
 */
export function storedMedia(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storedMedia);
  const address = String(value);
  if (address.startsWith(BUCKET)) return address;
  // A host that is not there, as the server would find when it downloads.
  if (!URL.canParse(address) || new URL(address).hostname.endsWith('.invalid'))
    throw new Refusal({ status: 500, exception: 'java.net.UnknownHostException', message: 'download failed' });
  return `${BUCKET}${randomUUID()}.jpg`;
}
