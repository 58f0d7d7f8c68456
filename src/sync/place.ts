import type { Instant } from '../connectors/connector.js';

/** How a record without an id is known: by where it stood when it could not be read. */
const PLACE = /^@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)#\d+$/;

/** The stamp of a place, `@<stamp>#<slot>`; undefined for what is an id, also one that begins with `@`. */
export function stampOfPlace(id: string): Instant | undefined {
  return PLACE.exec(id)?.[1];
}
