import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { Context, WriteOutcome } from '../connector.js';
import { withSystemFailure, withVerdict } from '../system-outcome.js';
import type { Endpoint } from './endpoints.js';
import { incidentOf, sickFailure } from './failure.js';
import { jsonIn } from './json-in.js';
import { refusalOf } from './refusal.js';
import type { Sending } from './sending.js';
import type { AvniSession } from './session.js';
import type { AvniKind } from './settings.js';
import { AS_STORED, lookUpRecord, readRecord, type StoredRecord } from './stored-record.js';

export interface Asking {
  session: AvniSession;
  endpoint: Endpoint;
  kind: AvniKind;
  /** Whether the server is otherwise well. */
  isHealthy(): Promise<boolean>;
  c: Context;
}

/**
 * What came of a request: the record as it is now; that somebody else was quicker; or how it
 * failed.
 */
export type Sent = { record: StoredRecord } | { conflict: RecordError } | { outcome: WriteOutcome };

/**
 * Sends one request, and believes its answer only where that shows that it was done; where not, the
 * record is looked at. @throws SystemFailure where there is no answer, Cancelled
 */
export async function sendRecord({ method, path, body, shows }: Sending, asking: Asking): Promise<Sent> {
  const { session, kind, isHealthy, c } = asking;
  const { answer, verdict } = await settle(
    () => session.write(method, path, AS_STORED, body, c),
    (response) => ({ ...incidentOf(response, 'write'), removing: method === 'DELETE' }),
    isHealthy,
  );
  if (verdict.kind === 'record' || verdict.kind === 'conflict') {
    const error = refusalOf(answer);
    return answer.status === 409 && answer.text.includes('duplicate key') ? { conflict: error } : { outcome: { kind: 'refused', error } };
  }
  if (verdict.kind !== 'done') {
    const failure = await sickFailure(session, systemCodeOf(verdict), answer, 'Writing to Avni', c);
    return { outcome: withVerdict(verdict, failure) };
  }
  if (answer.status === 404 || answer.status === 410) return { outcome: { kind: 'absent' } };
  const read = readRecord(jsonIn(answer.text), kind);
  if (!('odd' in read) && shows(read)) return { record: read };
  return confirmed('odd' in read ? undefined : read.id, { method, path, shows }, body, asking);
}

/** What Avni has, where the answer to a write does not show it. */
async function confirmed(
  told: string | undefined,
  { path, shows, method }: Pick<Sending, 'method' | 'path' | 'shows'>,
  body: Sending['body'],
  { session, endpoint, kind, isHealthy, c }: Asking,
): Promise<Sent> {
  const id = method === 'POST' ? (body?.['External ID'] ?? told) : decodeURIComponent(path.slice(endpoint.one.length + 1));
  try {
    const found = await lookUpRecord(session, endpoint, kind, String(id), isHealthy, c);
    if (found && !('code' in found) && shows(found)) return { record: found };
    return { outcome: { kind: 'refused', error: notWritten() } };
  } catch (error) {
    if (error instanceof SystemFailure) return { outcome: withSystemFailure('unknown', error) };
    throw error;
  }
}

function notWritten(): RecordError {
  return {
    code: 'NotWritten',
    message: 'Avni answered that it has written the record, but does not have it as it was sent.',
    remedy:
      'See whether a proxy stands before Avni, whether somebody changes the record at the same time, and what Avni’s version does with such a field.',
  };
}
