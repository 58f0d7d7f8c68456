import { IANAZone } from 'luxon';

/** Zones found valid, so that none is looked up for each record; the world has some 600. */
const known = new Set<string>();
const MAX_KNOWN = 1_000;

/**
 * The names of three letters that the IANA database has; others, such as IST and CST, are of
 * several zones.
 */
const SHORT = ['UTC', 'GMT', 'UCT', 'CET', 'EET', 'MET', 'WET', 'EST', 'HST', 'MST', 'PRC', 'ROC', 'ROK'];

/**
 * Whether it is the name of a zone of the IANA database, e.g. `Asia/Kolkata` or `UTC`; an offset,
 * or the machine's own zone, is none.
 */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  if (name.length <= 3 && !SHORT.includes(name.toUpperCase())) return false;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name) || !IANAZone.isValidZone(name)) return false;
  if (known.size < MAX_KNOWN) known.add(name);
  return true;
}
