import type { Instant } from '../connectors/connector.js';

/** How a record without an id is known: by where it stood when it could not be read. */
const PLACE = /^@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)#\d+$/;

/**
 * The stamp of a place, `@<stamp>#<slot>`; undefined for what is an id, also one that begins with
 * `@`.
 */
export function stampOfPlace(id: string): Instant | undefined {
  const stamp = PLACE.exec(id)?.[1];
  const time = stamp === undefined ? Number.NaN : Date.parse(stamp);
  // `@2026-99-01T…` and `@2026-02-30T…` are of no day.
  return Number.isNaN(time) || new Date(time).toISOString() !== stamp ? undefined : stamp;
}
