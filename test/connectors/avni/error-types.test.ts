import { describe, expect, it } from '@jest/globals';
import { avniErrorTypes } from '../../../src/connectors/avni/error-types.js';
import { classifier } from '../../../src/errors/classify.js';

const classify = classifier(avniErrorTypes, 'retry');
const stack =
  '\n\tat org.avni.server.web.api.SubjectApiController.post(SubjectApiController.java:172)\n\tat java.base/java.lang.Thread.run(Thread.java:840)';
const illegal = (text: string): string => `java.lang.IllegalArgumentException: ${text}${stack}`;

/** What a running Avni server said, and what it must be taken for. */
const texts: [status: number, text: string, errorType: string, kept?: Record<string, string>][] = [
  [500, `java.lang.NullPointerException: Concept with name=No such not found${stack}`, 'ConceptNotFound', { concept: 'No such' }],
  [400, `org.avni.server.util.BadRequestError: Answer concept with name=SENTINEL not found${stack}`, 'AnswerNotFound'],
  [500, illegal("Subject type not found with name 'Nope'"), 'SubjectTypeNotFound', { type: 'Nope' }],
  [500, illegal("Encounter type not found with name 'Nope'"), 'EncounterTypeNotFound', { type: 'Nope' }],
  [500, illegal("Program not found with name 'Nope'"), 'ProgramNotFound', { program: 'Nope' }],
  [500, illegal("Address 'Karnataka, Queen's Road' not found"), 'AddressNotFound', { address: "Karnataka, Queen's Road" }],
  [500, illegal("Address 'Hosahalli' not found for 'SENTINEL' not found"), 'AddressNotFound', { address: 'Hosahalli' }],
  [500, illegal("Address 'null' not found"), 'AddressMissing'],
  [
    500,
    illegal("Address 'Karnataka, Mysuru' of type 'District' is not valid for subject type 'Beneficiary'"),
    'AddressLevelWrong',
    { address: 'Karnataka, Mysuru', level: 'District', type: 'Beneficiary' },
  ],
  [500, illegal("version 3 and above requires 'Address map' instead of 'Address'"), 'AddressMapRequired'],
  [500, illegal("Address corresponding to 'Address map' not found"), 'AddressMapNotFound'],
  [500, `…NonUniqueResultException: Query did not return a unique result: 2 results were returned${stack}`, 'NotUnique'],
  [
    500,
    `java.lang.NullPointerException: Cannot invoke "AddressLevel.getId()" because "oldAddressLevel" is null${stack}`,
    'AddressFirstGiven',
  ],
  [
    500,
    `java.lang.NullPointerException: Cannot invoke "java.util.Map.entrySet()" because "observationsRequest" is null${stack}`,
    'ServerNullPointer',
  ],
  [500, 'java.lang.NullPointerException\n', 'ServerNullPointer'],
  [500, `java.lang.ClassCastException: class java.lang.Integer cannot be cast to class java.lang.Double${stack}`, 'CoordinatesInvalid'],
  [500, illegal("Individual not found with UUID 'null' or External ID 'SENTINEL'"), 'SubjectNotFound'],
  [500, illegal("Subject not found with id 'P-1' or External ID 'null'"), 'SubjectNotFound'],
  [500, illegal("ProgramEnrolment not found with UUID 'null' or External ID 'nope'"), 'EnrolmentNotFound'],
  [500, illegal("ProgramEnrolment not found with id 'nope'"), 'EnrolmentNotFound'],
  [500, illegal("Encounter not found with id 'nope'"), 'EncounterNotFound'],
  [400, 'First name cannot be null', 'FirstNameMissing'],
  [400, 'Gender cannot be null for Person subject type', 'GenderMissing'],
  [400, 'Both encounter datetime and earliest visit datetime cannot be null', 'EncounterDateMissing'],
  [409, constraint('ERROR: null value in column "registration_date" of relation "individual"'), 'RegistrationDateMissing'],
  [409, constraint('ERROR: null value in column "enrolment_date_time" of relation "program_enrolment"'), 'EnrolmentDateMissing'],
  [409, constraint('ERROR: null value in column "scheduled_on" of relation "task"'), 'FieldMissing'],
  [409, constraint('ERROR: duplicate key value violates unique constraint "individual_legacy_id_organisation_id_key"'), 'ExternalIdTaken'],
  [409, constraint('ERROR: new row for relation "program_encounter" violates check constraint "x"'), 'DoneAndCancelled'],
  [409, constraint('ERROR: something else'), 'ConstraintViolated'],
  [
    400,
    '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Failed to read request","instance":"/api/subject"}',
    'RequestUnreadable',
  ],
  [400, `{"title":"Bad Request","status":400,"detail":"Failed to convert 'lastModifiedDateTime' with value: 'x'"}`, 'ParameterUnreadable'],
  [403, 'User does not have privilege of type: VoidSubject for org.avni.server.domain.SubjectType with uuid: 1e9a', 'PrivilegeMissing'],
  [403, 'User SENTINEL is not allowed to invoke token generation api', 'SignInNotAllowed'],
  [404, 'User not-found / is-voided with username: SENTINEL', 'UserNotFound'],
  [401, 'org.springframework.web.client.HttpClientErrorException$Unauthorized: 401 Unauthorized', 'PasswordWrong'],
  [401, 'org.springframework.web.client.ResourceAccessException: I/O error on POST request', 'IdentityProviderDown'],
  [401, '{"timestamp":"2026-11-23T15:46:02.697+00:00","status":401,"error":"Unauthorized","path":"/api/subject"}', 'TokenExpired'],
  [
    500,
    '{"timestamp":"2026-11-23T15:46:02.697+00:00","status":500,"error":"Internal Server Error","path":"/api/subject"}',
    'TokenNotOfThisServer',
  ],
  [500, `org.springframework.security.access.AccessDeniedException: Access is denied${stack}`, 'NotAnOrganisationUser'],
  [405, '{"title":"Method Not Allowed","status":405}', 'MethodNotAllowed'],
  [415, '{"title":"Unsupported Media Type","status":415}', 'ContentTypeRefused'],
  [500, `org.springframework.data.mapping.PropertyReferenceException: No property nope found${stack}`, 'RequestDefect'],
  [500, `java.lang.NumberFormatException: For input string: "x"${stack}`, 'RequestDefect'],
  [400, 'Maximum upload size exceeded', 'UploadTooLarge'],
  // With AVNI_SEND_EXCEPTION_IN_RESPONSE=false it says nothing.
  [500, '', 'Unclassified'],
];

function constraint(text: string): string {
  return `Entity create or update failed due to constraint violation: could not execute statement [${text}]`;
}

describe('what an Avni server says', () => {
  it.each(texts)('%i %j is %s', (...[status, detail, errorType, kept]) => {
    const found = classify({ code: 'Refused', status, message: 'Avni refused it.', remedy: 'See why.', detail });
    expect(found.errorType).toBe(errorType);
    expect(found.kept).toEqual(kept);
    expect(JSON.stringify(found)).not.toContain('SENTINEL');
  });

  it('has no type that none of these texts is of', () => {
    const found = new Set(texts.map(([, , errorType]) => errorType));
    const said = avniErrorTypes.filter(({ name, code }) => code !== name);
    expect(said.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
  });
});
