import type { SystemFailureCode } from './system-failure.js';

/**
 * What was asked of a system: one record or a page of them; a search, by GET or by POST; the write
 * of one record; one of several in a batch, or that batch as a whole.
 */
export type Place = 'read one' | 'read page' | 'look up' | 'search by POST' | 'write' | 'entry' | 'batch';

/**
 * Where there was no whole answer, or one that is not of the form that was asked: truncated, not
 * JSON, of the wrong shape.
 */
export type NoAnswer = 'Unreachable' | 'TlsFailed' | 'TimedOut' | 'BadResponse';

/** Whether the system answers well where no record can be at fault. */
export type Probe = 'healthy' | 'sick' | 'not asked';

export interface Incident {
  place: Place;
  /** The HTTP status, of the answer or of the entry, or how there was none. */
  came: number | NoAnswer;
  /**
   * What the system means by it, where it says so in words of its own: it does not have what it was
   * asked for, or another version is stored.
   */
  means?: 'not supported' | 'conflict';
  /** Whether it was for several records, which can be asked for by halves. */
  several?: boolean;
  /** Whether it was a removal: what is not there any more is removed. */
  removing?: boolean;
  /** How often it was asked, this time included. */
  tries: number;
  probe: Probe;
}

/** What to do now. */
export type Verdict =
  | { kind: 'done' }
  /** Reading one record: it does not exist. */
  | { kind: 'absent' }
  /** The stored version is another one than was thought: look again. */
  | { kind: 'conflict' }
  /** Ask the same once more. */
  | { kind: 'again' }
  /** Ask the system where no record can be at fault, and decide then. */
  | { kind: 'probe' }
  /** Some record among several is at fault: ask for each half. */
  | { kind: 'halve' }
  /** It has no transactions, or no searches by POST: write one by one, search by GET. */
  | { kind: 'one by one' }
  | { kind: 'record' }
  /** It may or may not have been written. */
  | { kind: 'unknown'; code: NoAnswer }
  | { kind: 'system'; code: SystemFailureCode };

/** Verdicts that end it. */
export type FinalVerdict = Exclude<Verdict, { kind: 'again' | 'probe' }>;

/**
 * Whether a bad record or a sick system is at fault, and what to do: the one place that decides it.
 * Whoever it blames, a system for a record it refuses or a record for a system that is down, the
 * other goes on.
 */
export function whoseFault(incident: Incident): Verdict {
  const { place, came } = incident;
  if (typeof came !== 'number') return withoutAnswer(place, came);
  if (came >= 200 && came < 300) return { kind: 'done' };
  const code = alwaysTheSystems(came);
  if (code) return { kind: 'system', code };
  // What is refused by POST may be taken by GET, and is judged by that.
  if (place === 'search by POST' && (came < 500 || came === 501)) return { kind: 'one by one' };
  if (came >= 500) return place === 'batch' && came === 501 ? { kind: 'one by one' } : failing(incident);
  return isRead(place) ? readRefused(incident, came) : writeRefused(incident, came);
}

function isRead(place: Place): boolean {
  return place === 'read one' || place === 'read page' || place === 'look up' || place === 'search by POST';
}

/**
 * Without an answer to a write nobody knows; a connection that could not be made safe carried
 * nothing.
 */
function withoutAnswer(place: Place, code: NoAnswer): Verdict {
  return isRead(place) || code === 'TlsFailed' ? { kind: 'system', code } : { kind: 'unknown', code };
}

function alwaysTheSystems(status: number): SystemFailureCode | undefined {
  if (status < 400) return 'BadResponse';
  if (status === 401) return 'Unauthorized';
  if (status === 429) return 'RateLimited';
  return status === 408 || (status >= 502 && status <= 504) ? 'Unavailable' : undefined;
}

/** A bare 500 is asked again, then the system is. */
function failing(incident: Incident): Verdict {
  return incident.tries < 2 ? { kind: 'again' } : suspected(incident, 'ServerError');
}

/** A record is suspected: that needs a healthy system. */
function suspected({ probe, several = false }: Incident, ifSick: SystemFailureCode): Verdict {
  if (probe === 'not asked') return { kind: 'probe' };
  if (probe === 'sick') return { kind: 'system', code: ifSick };
  return { kind: several ? 'halve' : 'record' };
}

function readRefused(incident: Incident, status: number): Verdict {
  const { place, probe } = incident;
  if (status === 403) return { kind: 'system', code: 'Forbidden' };
  if (status === 404 || status === 410) {
    // A record is gone only where its system is well: a gateway may say so of everything.
    if (place !== 'read one' || probe === 'sick') return { kind: 'system', code: 'NotFound' };
    return probe === 'healthy' ? { kind: 'absent' } : { kind: 'probe' };
  }
  // An id or a key may be of a form the system does not take; a window of time is not.
  return place === 'read page' ? { kind: 'system', code: 'BadResponse' } : suspected(incident, 'BadResponse');
}

function writeRefused(incident: Incident, status: number): Verdict {
  const { place, means, several = false, removing = false } = incident;
  if (place === 'batch' && (status === 404 || status === 405 || means === 'not supported')) return { kind: 'one by one' };
  if (several) return { kind: 'halve' };
  if (removing && (status === 404 || status === 410)) return { kind: 'done' };
  if (status === 412 || means === 'conflict') return { kind: 'conflict' };
  if (status === 403) return suspected(incident, 'Forbidden');
  return status === 404 || status === 410 ? suspected(incident, 'NotFound') : { kind: 'record' };
}

/**
 * The system's failure that a verdict stands for; an answer that fits nothing that was asked is a
 * bad one.
 */
export function systemCodeOf(verdict: FinalVerdict): SystemFailureCode {
  return verdict.kind === 'system' || verdict.kind === 'unknown' ? verdict.code : 'BadResponse';
}
