import type { ErrorAction } from '../../model/classified-error.js';
import type { ErrorType } from '../../errors/error-type.js';

type Conditions = Omit<ErrorType, 'name' | 'then' | 'remedy' | 'keep'> & { keep?: string[] };

function type(name: string, { keep = [], ...conditions }: Conditions, remedy: string, then: ErrorAction = 'retry'): ErrorType {
  return { name, ...conditions, keep, then, remedy };
}

/**
 * Names that an Avni server does not know: of types, programs, concepts and locations, which are
 * kept.
 */
const names: ErrorType[] = [
  type(
    'AnswerNotFound',
    { contains: 'Answer concept with name=' },
    'Add the answer to the coded concept in Avni, or correct the code table.',
  ),
  type(
    'ConceptNotFound',
    { matches: 'Concept with name=(?<concept>.*?) not found', keep: ['concept'] },
    'Add the concept in Avni, or correct its name in the mapping: letter case and spaces count.',
  ),
  type(
    'SubjectTypeNotFound',
    { matches: `Subject type not found with name '(?<type>[^'\\n]*)'`, keep: ['type'] },
    'Write the name of the subject type exactly as it is in Avni.',
  ),
  type(
    'EncounterTypeNotFound',
    { matches: `Encounter type not found with name '(?<type>[^'\\n]*)'`, keep: ['type'] },
    'Write the name of the encounter type exactly as it is in Avni.',
  ),
  type(
    'ProgramNotFound',
    { matches: `Program not found with name '(?<program>[^'\\n]*)'`, keep: ['program'] },
    'Write the name of the program exactly as it is in Avni.',
  ),
  type('AddressMissing', { contains: `Address 'null' not found` }, 'Let the mapping give the address, or complete the record.'),
  type(
    'AddressNotFound',
    { matches: `Address '(?<address>.*?)' not found`, keep: ['address'] },
    'Add the village in Avni, or correct the address: all levels from the top, joined by comma and space.',
  ),
  type(
    'AddressLevelWrong',
    {
      matches: `Address '(?<address>.*?)' of type '(?<level>[^'\\n]*)' is not valid for subject type '(?<type>[^'\\n]*)'`,
      keep: ['address', 'level', 'type'],
    },
    'Give an address of the level at which such subjects are registered, usually the lowest, or change that level in Avni.',
  ),
  type(
    'AddressMapNotFound',
    { contains: `Address corresponding to 'Address map' not found` },
    'Give every level up to the top, as in Avni.',
  ),
  type('AddressMapRequired', { contains: `requires 'Address map' instead of 'Address'` }, 'Let the mapping give “Address map”.'),
  type(
    'AddressFirstGiven',
    { contains: 'oldAddressLevel' },
    'Avni cannot give a subject its first address over the API: set it in Avni itself.',
    'wait-for-person',
  ),
  type(
    'NotUnique',
    { contains: 'Query did not return a unique result' },
    'Two locations differ by letter case alone, or an External ID is also the id of another record: rename one of the two in Avni.',
  ),
];

/** Records that are not there, and fields that are missing or of the wrong form. */
const records: ErrorType[] = [
  type(
    'SubjectNotFound',
    { matches: '(?:Individual not found with UUID|Subject not found with id)' },
    'Bring the subject over first, or correct its External ID.',
  ),
  type('EnrolmentNotFound', { contains: 'ProgramEnrolment not found with' }, 'Bring the enrolment over first, or correct its External ID.'),
  type('EncounterNotFound', { contains: 'Encounter not found with id' }, 'Send the encounter with its External ID, so that it is created.'),
  type('FirstNameMissing', { contains: 'First name cannot be null' }, 'Complete the first name in the record.'),
  type(
    'GenderMissing',
    { contains: 'Gender cannot be null' },
    'Complete the gender, or correct the code table: Avni knows its own genders only.',
  ),
  type(
    'EncounterDateMissing',
    { contains: 'Both encounter datetime and earliest visit datetime cannot be null' },
    'Let the mapping give “Encounter date time” or “Earliest scheduled date”, also for a cancelled visit.',
  ),
  type('RegistrationDateMissing', { contains: 'null value in column "registration_date"' }, 'Let the mapping give “Registration date”.'),
  type('EnrolmentDateMissing', { contains: 'null value in column "enrolment_date_time"' }, 'Let the mapping give “Enrolment datetime”.'),
  type('FieldMissing', { contains: 'null value in column' }, 'Let the mapping fill in the field that Avni requires.'),
  type(
    'ExternalIdTaken',
    { contains: 'duplicate key' },
    'Another record of Avni, perhaps a voided one, has this External ID: correct it in one of the two.',
  ),
  type(
    'DoneAndCancelled',
    { contains: 'violates check constraint' },
    'Let the mapping give “Encounter date time” or “Cancel date time”, not both.',
  ),
  type('ConstraintViolated', { contains: 'constraint violation' }, 'See the full text by running the record again.'),
  type(
    'RequestUnreadable',
    { contains: 'Failed to read request' },
    'Correct the form of a date (yyyy-MM-dd), date-time or true/false in the mapping: Avni does not say which.',
  ),
  type('ParameterUnreadable', { contains: 'Failed to convert' }, 'Correct the form of a date or number in what is asked of Avni.'),
  type(
    'CoordinatesInvalid',
    { code: 'Refused', contains: 'ClassCastException' },
    'Give numbers with decimals for coordinates, and texts for dates.',
  ),
  type(
    'ServerNullPointer',
    { code: 'Refused', contains: 'NullPointerException' },
    'Let the mapping give observations (and cancelObservations or exitObservations), if only as {}; else see the Avni server’s log.',
  ),
  type('UploadTooLarge', { contains: 'upload size' }, 'Make the picture or file smaller.', 'wait-for-person'),
];

/** What Sangam finds before it writes. */
const found: ErrorType[] = [
  type('RecordVoided', { code: 'RecordVoided' }, 'Un-void the record in Avni, or let the source no longer give it.'),
  type(
    'KeyNotKnown',
    { code: 'KeyNotKnown' },
    'Void the record in Avni and ignore its row; or give the type whenNoLonger: keep and whenVoided: keep, or an origin under “to”.',
    'wait-for-person',
  ),
  type(
    'TakenOver',
    { code: 'TakenOver' },
    'Void the record in Avni where it is to go, then retry, else ignore its row; or give the type whenNoLonger: keep and whenVoided: keep.',
    'wait-for-person',
  ),
  type('ParentVoided', { code: 'ParentVoided' }, 'Un-void what it belongs to in Avni, or let the record refer to what stands for that.'),
  type(
    'TooManyFound',
    { code: 'TooManyFound' },
    'See why so many have the same value, or whether the server drops the filter; look for them by another concept.',
  ),
  type(
    'CannotKeepOthers',
    { code: 'CannotKeepOthers' },
    'Let the type write a record of its own, or let Sangam own the group or place too.',
    'wait-for-person',
  ),
  type(
    'SetupUnreadable',
    { code: 'SetupUnreadable' },
    'Let the integration’s user read /gender of the Avni server, or change the gender in Avni.',
  ),
];

/** Who asks, and whether they may. */
const access: ErrorType[] = [
  type(
    'PrivilegeMissing',
    { contains: 'User does not have privilege of type' },
    'Give the integration’s user group the privilege for this type in Avni.',
  ),
  type('NotAnOrganisationUser', { contains: 'AccessDeniedException' }, 'Use a user of the organisation, not a super admin.', 'stop'),
  type(
    'SignInNotAllowed',
    { contains: 'is not allowed to invoke token generation api' },
    'Set isAllowedToInvokeTokenGenerationAPI to true in the user’s settings in Avni.',
    'stop',
  ),
  type('UserNotFound', { contains: 'User not-found / is-voided' }, 'Correct the user name in the worker’s environment.', 'stop'),
  type('IdentityProviderDown', { contains: 'ResourceAccessException' }, 'See whether Keycloak or Cognito is up.', 'stop'),
  type(
    'PasswordWrong',
    { contains: 'HttpClientErrorException$Unauthorized' },
    'Correct the password in the worker’s environment and restart it.',
    'stop',
  ),
  type(
    'TokenExpired',
    { contains: '"status":401,"error":"Unauthorized"' },
    'Give the worker a new token, or user name and password.',
    'stop',
  ),
  type(
    'TokenNotOfThisServer',
    { contains: '"status":500,"error":"Internal Server Error"' },
    'Take a token of the identity provider this Avni server trusts; give none where it has no provider.',
    'stop',
  ),
  type(
    'MethodNotAllowed',
    { status: 405 },
    'Avni has no PATCH for enrolments and program encounters: report this as a defect.',
    'wait-for-person',
  ),
  type('ContentTypeRefused', { status: 415 }, 'See whether a proxy changes the request’s headers.', 'wait-for-person'),
  type(
    'RequestDefect',
    { matches: 'PropertyReferenceException|NumberFormatException' },
    'Avni does not take a parameter of the request: report this as a defect.',
    'wait-for-person',
  ),
];

/**
 * What an Avni server says when it refuses a record, as observed; names of concepts, types,
 * programs and locations alone are kept.
 */
export const avniErrorTypes: readonly ErrorType[] = [...names, ...records, ...found, ...access];
