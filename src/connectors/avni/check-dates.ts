import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import { invalidField, wouldSay } from './record-errors.js';
import type { AvniKind } from './settings.js';
import type { Body } from './stored-record.js';
import { written } from './write-fields.js';

/**
 * What is wrong with the dates of a visit or an enrolment as it would stand in Avni, and with the
 * record that it belongs to.
 */
export function checkDates(body: Body, kind: Exclude<AvniKind, 'subject'>): RecordError | undefined {
  const { parents } = written[kind];
  if (parents.every((name) => getOwn(body, name) === undefined))
    return invalidField(parents[0] ?? 'its parent', 'is missing: the record says not to which record of Avni it belongs');
  return kind === 'enrolment' ? enrolment(body) : visit(body, kind);
}

function enrolment(body: Body): RecordError | undefined {
  if (body['Enrolment datetime'] !== undefined) return undefined;
  return wouldSay(
    'EnrolmentDateMissing',
    'null value in column "enrolment_date_time"',
    'The record gives no date of enrolment, and Avni needs one.',
    'Let the mapping give “Enrolment datetime”.',
    'Enrolment datetime',
  );
}

function visit(body: Body, kind: AvniKind): RecordError | undefined {
  const done = body['Encounter date time'];
  const [from, until] = [body['Earliest scheduled date'], body['Max scheduled date']];
  if (done === undefined && from === undefined)
    return wouldSay(
      'EncounterDateMissing',
      'Both encounter datetime and earliest visit datetime cannot be null',
      'The record gives neither the date of the visit nor that from which it is due.',
      'Let the mapping give “Encounter date time” or “Earliest scheduled date”, also for a cancelled visit.',
      'Encounter date time',
    );
  if (kind === 'programEncounter' && done !== undefined && body['Cancel date time'] !== undefined)
    return wouldSay(
      'DoneAndCancelled',
      'violates check constraint',
      'The visit is both done and cancelled.',
      'Let the mapping give “Encounter date time” or “Cancel date time”, not both.',
      'Cancel date time',
    );
  if (from !== undefined && until !== undefined && Date.parse(String(until)) < Date.parse(String(from)))
    return invalidField('Max scheduled date', 'lies before “Earliest scheduled date”');
  return undefined;
}
