import { isTimeZone } from '../../mapping/time-zone.js';
import type { Cadence } from '../definition.js';
import { durationOf } from './duration.js';

const timeInZone = /^((?:[01]\d|2[0-3]):[0-5]\d) (\S+)$/;

/** What applies where neither the process nor the entity type says anything. */
const usual: Cadence = { every: 5 * 60_000 };

/** Why this is not a time of day with its zone, or undefined where it is one. */
export function cadenceProblem(text: string): string | undefined {
  const [, , zone] = timeInZone.exec(text) ?? [];
  if (zone === undefined) return 'must be HH:mm and a time zone, e.g. "01:30 Asia/Kolkata"';
  return isTimeZone(zone) ? undefined : 'has a time zone that does not exist; it must be an IANA one, e.g. "Asia/Kolkata"';
}

interface CadenceInput {
  every?: string | undefined;
  at?: string | undefined;
}

/** The first that says anything counts: the entity type's own, then its process'. */
export function cadenceOf(...inputs: CadenceInput[]): Cadence {
  for (const { every, at } of inputs) {
    if (every !== undefined) return { every: durationOf(every) };
    const [, time, zone] = timeInZone.exec(at ?? '') ?? [];
    if (time !== undefined && zone !== undefined) return { at: time, zone };
  }
  return usual;
}
