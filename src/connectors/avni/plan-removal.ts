import type { RecordError } from '../../errors/record-error.js';
import { pathSegment } from '../../http/path-segment.js';
import { getOwn } from '../../model/keyed.js';
import type { Edit } from '../connector.js';
import { editedElsewhere } from '../edited-elsewhere.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { planRecord } from './plan-record.js';
import type { Call, Sending } from './sending.js';
import type { StoredRecord } from './stored-record.js';
import { groupOf } from './wanted-record.js';
import { written } from './write-fields.js';

interface Removal {
  name: string;
  externalId: string;
  stored: StoredRecord | undefined;
  claim: { mark: string; entityType: string } | undefined;
  kind: 'removed' | 'absent';
  sending?: Sending;
}

interface Removing {
  target: Target;
  userName: string | undefined;
  /** Sangam did not make it, but met it by its key. */
  isAdopted: boolean;
  /** Somebody else changed it since, and what others change is not written over. */
  edit?: Edit;
}

/**
 * Voids a record, unless Sangam only took it over, or others changed it and that holds it. Of one
 * that is shared only what Sangam owns goes, so long as there is something of others in it.
 *
 * @throws SystemFailure, Cancelled
 */
export async function planRemoval(
  work: Omit<Removal, 'kind' | 'sending'>,
  { target, userName, isAdopted, edit }: Removing,
  { view, c }: Call,
): Promise<Removal | RecordError> {
  const { stored, externalId } = work;
  if (!stored || stored.voided) return { ...work, kind: 'absent' };
  if (!target.owns && isAdopted) return takenOver(`${target.kind} ${stored.id}`);
  if (edit) return editedElsewhere(`${target.kind} ${stored.id}`, edit);
  const { one } = endpoints[target.kind];
  const remove: Sending = { method: 'DELETE', path: `${one}/${pathSegment(stored.id)}`, shows: ({ voided }) => voided };
  if (!target.owns || (stored.madeBy === userName && userName !== undefined && isOursAlone(stored, target, userName)))
    return { ...work, kind: 'removed', sending: remove };
  const plan = await planRecord({}, { target, externalId, stored, view, c });
  if ('error' in plan) return plan.error;
  return 'same' in plan ? { ...work, kind: 'absent' } : { ...work, kind: 'removed', sending: plan.sending };
}

/**
 * Nobody else has put an observation in, made the visit that was planned, or ended the enrolment.
 */
function isOursAlone(stored: StoredRecord, { kind, owns }: Target, userName: string): boolean {
  const { body, by } = stored;
  const isOthers = (name: string): boolean => getOwn(body, name) !== undefined && owns?.has(name) === false;
  const wasPlanned = getOwn(body, 'Earliest scheduled date') !== undefined;
  if (isOthers('Exit datetime') || (isOthers('Encounter date time') && (wasPlanned || by !== userName))) return false;
  return written[kind].groups.every((name) => Object.keys(groupOf(body, name)).every((each) => owns?.has(each)));
}

function takenOver(record: string): RecordError {
  return {
    code: 'TakenOver',
    message: `What was taken over for this record, ${record}, was in Avni before, with what others put in: it is not voided for it.`,
    remedy:
      'Void it in Avni where it is to go, then retry, else ignore this row; or give the type whenNoLonger: keep and whenVoided: keep.',
  };
}
