import type { RecordError } from '../../errors/record-error.js';
import type { WriteOutcome } from '../connector.js';
import { getOwn } from '../../model/keyed.js';
import { endpoints } from './endpoints.js';
import { unusableKey } from './external-id.js';
import type { Call } from './sending.js';
import type { AvniSession } from './session.js';
import type { AvniKind } from './settings.js';
import { lookUpRecord, type Body } from './stored-record.js';
import { written, type WriteKind } from './write-fields.js';

type Asking = Pick<Call, 'voided' | 'isHealthy' | 'c'>;

const PARENT_VOIDED = 'ParentVoided';

/**
 * Why a record may not come to be under the parent that it names: that one is voided, or the one
 * above it is, which Avni does not mind. One that is not there Avni refuses itself. @throws
 * SystemFailure, Cancelled
 */
export function checkParent(given: Body, kind: WriteKind, session: AvniSession, call: Asking): Promise<RecordError | undefined> {
  const id = written[kind].parents.map((name) => getOwn(given, name)).find((each) => typeof each === 'string' && each !== '');
  if (typeof id !== 'string' || unusableKey(id)) return Promise.resolve(undefined);
  return ask(kind === 'programEncounter' ? 'enrolment' : 'subject', id, session, call);
}

function ask(kind: AvniKind, id: string, session: AvniSession, call: Asking): Promise<RecordError | undefined> {
  const key = `${kind} ${id}`;
  const asked = call.voided.get(key) ?? look(kind, id, session, call);
  call.voided.set(key, asked);
  return asked;
}

async function look(kind: AvniKind, id: string, session: AvniSession, call: Asking): Promise<RecordError | undefined> {
  const found = await lookUpRecord(session, endpoints[kind], kind, id, call.isHealthy, call.c);
  if (!found || 'code' in found) return found;
  if (found.voided) return parentVoided(kind, found.id);
  const above = kind === 'enrolment' ? getOwn(found.row, 'Subject ID') : undefined;
  return typeof above === 'string' ? ask('subject', above, session, call) : undefined;
}

/** The outcome of a record that is refused, for want of its parent perhaps. */
export function refusedBy(error: RecordError): WriteOutcome {
  return { kind: 'refused', error, ...(error.code === PARENT_VOIDED ? { parentGone: true as const } : {}) };
}

function parentVoided(kind: AvniKind, id: string): RecordError {
  return {
    code: PARENT_VOIDED,
    message: `The ${kind} in Avni that it belongs to, ${id}, is voided: nobody would see it there.`,
    remedy: 'Un-void that one in Avni, or let the record refer to the one that stands for it; this one is tried again by itself.',
  };
}
