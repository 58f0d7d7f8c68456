import { illegal, nullPointer, Refusal, unreadableRequest } from './answers.js';
import { readInstant } from './parameters.js';
import type { Body } from './record.js';

/** A number is turned into text; nothing is null. */
export function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') throw unreadableRequest();
  return String(value);
}

/** Trimmed; an empty one is none. */
export function externalId(value: unknown): string | null {
  return text(value)?.trim() || null;
}

/** `yyyy-MM-dd` alone. @throws Refusal 400 */
export function date(value: unknown): string | null {
  const given = text(value);
  if (given !== null && (!/^\d{4}-\d{2}-\d{2}$/.test(given) || Number.isNaN(Date.parse(given)))) throw unreadableRequest();
  return given;
}

/** In UTC, to the millisecond. @throws Refusal 400 */
export function dateTime(value: unknown): string | null {
  const given = text(value);
  if (given === null) return null;
  const time = readInstant(given);
  if (time === undefined) throw unreadableRequest();
  return new Date(time).toISOString();
}

/** Nothing is false. @throws Refusal 400 */
export function flag(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (![true, false, 'true', 'false'].includes(value as string)) throw unreadableRequest();
  return String(value) === 'true';
}

/** Keys other than `x` and `y` are not read: then it is 0, 0. */
export function point(value: unknown): Body | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') throw unreadableRequest();
  const { x = 0, y = 0 } = value as Body;
  return { x, y };
}

/**
 * Of a PATCH, which wants `X` and `Y`, and decimals: `raw` is the request as it was written.
 * @throws Refusal 500
 */
export function patchedPoint(value: unknown, raw: string): Body | undefined {
  if (value === undefined || value === null) return undefined;
  const { X, Y } = value as Body;
  if (X === undefined || Y === undefined)
    throw nullPointer('Cannot invoke "java.lang.Double.doubleValue()" because the return value of "java.util.Map.get(Object)" is null');
  // 1 and 1.0 are one number once they are read.
  if (/"[XY]"\s*:\s*-?\d+\s*[,}]/.test(raw))
    throw new Refusal({
      status: 500,
      exception: 'java.lang.ClassCastException',
      message: 'class java.lang.Integer cannot be cast to class java.lang.Double',
    });
  return { x: X, y: Y };
}

/** A record by its name. @throws Refusal 500 */
export function nameIn<T extends { name: string }>(list: readonly T[], what: string, name: unknown): T {
  const found = list.find((each) => each.name === name);
  if (!found) throw illegal(`${what} not found with name '${text(name) ?? 'null'}'`);
  return found;
}
