import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import type { Context } from '../connector.js';
import { invalidField, wouldSay } from './record-errors.js';
import type { SetupView } from './setup/setup.js';
import type { SubjectType } from './setup/types.js';
import type { Body, StoredRecord } from './stored-record.js';

/**
 * What is wrong with a subject as it would stand in Avni. An Avni server finds most of it only
 * after it has changed the record, and stores that all the same (observed).
 *
 * @param stored what is there already
 * @throws SystemFailure, Cancelled
 */
export async function checkSubject(
  body: Body,
  type: SubjectType | undefined,
  stored: StoredRecord | undefined,
  view: SetupView,
  c: Context,
): Promise<RecordError | undefined> {
  if (typeof body['First name'] !== 'string')
    return wouldSay(
      'FirstNameMissing',
      'First name cannot be null',
      'The record gives no first name, and Avni needs one.',
      'Complete the first name in the record.',
      'First name',
    );
  if (body['Registration date'] === undefined) return registrationMissing();
  if (type && body['Middle name'] !== undefined && !type.hasMiddleName)
    return invalidField('Middle name', 'is given, but Avni keeps none of this subject type');
  if (type && body['Profile picture'] !== undefined && !type.hasPicture)
    return invalidField('Profile picture', 'is given, but Avni keeps none of this subject type');
  const isPerson = type?.isPerson ?? (body['Gender'] !== undefined || stored?.body['Gender'] !== undefined);
  if (isPerson) return checkGender(body['Gender'], stored, view, c);
  const strange = ['Gender', 'Date of birth'].find((name) => getOwn(body, name) !== undefined);
  return strange === undefined ? undefined : invalidField(strange, 'is given, but Avni keeps it of persons alone');
}

async function checkGender(
  gender: unknown,
  stored: StoredRecord | undefined,
  view: SetupView,
  c: Context,
): Promise<RecordError | undefined> {
  const known = typeof gender === 'string' ? await view.genders(c) : new Set<string>();
  if (typeof known === 'string') {
    // Of a new record the server refuses it without harm; one that stands there already is known.
    if (!stored || stored.body['Gender'] === gender) return undefined;
    return {
      code: 'SetupUnreadable',
      message: 'The gender would change, and Avni does not let it be read which genders it knows: an unknown one would damage the record.',
      remedy: 'Let the integration’s user read /gender of the Avni server, or change the gender in Avni.',
      path: 'Gender',
    };
  }
  if (known.has(String(gender))) return undefined;
  return wouldSay(
    'GenderMissing',
    'Gender cannot be null for Person subject type',
    'The record gives no gender that Avni knows.',
    'Complete the gender, or correct the code table: Avni knows its own genders only.',
    'Gender',
  );
}

function registrationMissing(): RecordError {
  return wouldSay(
    'RegistrationDateMissing',
    'null value in column "registration_date"',
    'The record gives no registration date, and Avni needs one.',
    'Let the mapping give “Registration date”.',
    'Registration date',
  );
}
