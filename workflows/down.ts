import type { Stop } from '../src/model/stop.js';

/**
 * How many types a system keeps waiting, or answers that it cannot, until it counts as down: a
 * single one may have a list that is too much for it.
 */
const SEVERAL = 2;

/**
 * By which of these stops a system is down as a whole, so that it is asked nothing more for now: it
 * cannot be reached, or asked to be left alone, or several types found it unavailable and none was
 * `answered`.
 */
export function downBy(system: string, stops: Stop[], answered = false): Stop | undefined {
  const its = stops.filter((stop) => stop.system === system);
  const tired = answered ? [] : its.filter(isTired);
  return its.find(isCertain) ?? (tired.length >= SEVERAL ? tired[0] : undefined);
}

/**
 * Whether a type is passed over since a system is down by what others found. Where that is not
 * certain, it is not so twice in a row: it may be theirs alone, and for ever. `before`: it was
 * passed over when it last was due.
 */
export function passesOver(down: Stop, before: boolean | undefined): boolean {
  return isCertain(down) || before !== true;
}

/** Whether a stop may be part of why a system is down. */
export function speaksOfSystem(stop: Stop): boolean {
  return isCertain(stop) || isTired(stop);
}

function isCertain({ code, retryAfter }: Stop): boolean {
  return code === 'Unreachable' || retryAfter !== undefined;
}

function isTired({ code }: Stop): boolean {
  return code === 'TimedOut' || code === 'Unavailable';
}
