import type { Stop } from '../src/model/stop.js';
import type { Instant } from '../src/connectors/connector.js';
import type { Pause } from '../src/model/process-messages.js';

/** What the status of any process says of its stops and pauses. */

/** A stop, and of which entity type; none where it is the process' as a whole. */
export type Failure = Stop & { entityType?: string };

/**
 * The most telling stop: that of the whole process, then a person's, then a system's. What merely
 * waits for another comes last.
 */
export function mostTelling(whole: Stop | undefined, stopped: [entityType: string, stop: Stop | undefined][]): Failure | undefined {
  if (whole) return whole;
  const stops = stopped.flatMap(([entityType, stop]) => (stop ? [{ entityType, ...stop }] : []));
  return (
    stops.find(({ needs, code }) => needs === 'person' && code !== 'ParentStopped') ??
    stops.find(({ needs }) => needs === 'system') ??
    stops[0]
  );
}

/** That someone must do something, and whether it goes on trying meanwhile, in words. */
export function needsPerson(failure: Failure | undefined): string {
  return failure?.byItself ? 'Needs a person; it is tried again by itself meanwhile.' : 'Needs a person.';
}

/** Who paused it, why and until when. */
export function pauseParts(pause: Pause | undefined): Omit<Pause, 'since'> {
  const { since: _since, ...parts } = pause ?? { since: '' };
  return parts;
}

/** A pause in words. `how` stands behind the instant at which it began. */
export function pausedWords({ since, by, reason, until }: Pause, how = ''): string {
  const parts = [`Paused since ${since}${how}`, by && `by ${by}`, reason && `because: ${reason}`, until && `until ${until}`];
  return `${parts.filter(Boolean).join(', ')}. Signal resume to go on.`;
}

/** When it goes on by itself, in words. */
export function nextWords(what: string, next: Instant | undefined): string {
  return next !== undefined ? ` ${what}: ${next}.` : '';
}
