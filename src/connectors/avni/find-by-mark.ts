import type { RecordError } from '../../errors/record-error.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { lookUpAll } from './look-up.js';
import type { Call } from './sending.js';
import type { AvniSession } from './session.js';
import { lookUpRecord, type StoredRecord } from './stored-record.js';

/**
 * The record of Avni that bears one of these marks. `unknown`: the type names no concept for them,
 * or Avni does not search such records by one. @throws SystemFailure, Cancelled
 */
export async function findByMark(
  session: AvniSession,
  marks: readonly string[],
  { kind, type, origin: concept }: Target,
  call: Call,
): Promise<StoredRecord | RecordError | 'unknown' | undefined> {
  if (concept === undefined || kind === 'enrolment') return 'unknown';
  const settings = { [kind]: type, concept };
  const lists = await lookUpAll(
    session,
    marks.map((value) => ({ settings, value })),
    call,
  );
  const failed = lists.find((each) => 'code' in each);
  if (failed) return failed;
  const all = lists.flatMap((each) => ('code' in each ? [] : each));
  const there = all.filter(({ removed }) => removed !== true);
  if (there.length > 1) return severalMarked(concept, there);
  const [found] = there.length > 0 ? there : all;
  return found && lookUpRecord(session, endpoints[kind], kind, found.id, call.isHealthy, call.c);
}

function severalMarked(concept: string, found: readonly { id: string }[]): RecordError {
  return {
    code: 'KeyCollision',
    message: `Several records of Avni say under “${concept}” that they came from this one: ${found.map(({ id }) => id).join(' and ')}.`,
    remedy: 'Take that observation from those in Avni that did not.',
  };
}
