import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { env } from './support.js';

const RIGHT = `integration: small
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${FHIR_URL}" }
codes:
  gender: { Female: female }
processes:
  one:
    every: 5 minutes
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resource: Patient }
        map: |
          {
            "resourceType": "Patient",
            "active": true,
            "gender": "female",
            "birthDate": observations.\`Date of birth\`,
            "name": [{ "given": [observations.\`First name\`], "use": "official" }],
            "maritalStatus": { "text": observations.Married }
          }
      Visit:
        dependsOn: { Person: "\`Subject ID\`" }
        from: { system: avni, encounter: Visit }
        to: { system: emr, resources: [Encounter, Observation] }
        when: "\`Encounter date time\` != null"
        map:
          visit: |
            {
              "resourceType": "Encounter",
              "status": "finished",
              "class": { "code": "FLD" },
              "subject": $parent("Person"),
              "period": { "start": $dateTime(\`Encounter date time\`, "Asia/Kolkata") }
            }
          weight: |
            $exists(observations.Weight) ? {
              "resourceType": "Observation",
              "status": "final",
              "code": { "text": "Weight" },
              "encounter": $ref("visit"),
              "valueQuantity": { "value": observations.Weight, "unit": "kg" }
            }
`;

const lineOf = (part: string): number => RIGHT.slice(0, RIGHT.indexOf(part)).split('\n').length;

/** What is written for what, and what is said of it: at the line of the first text. */
const MISTAKES: [right: string, wrong: string, code: string, says: RegExp, line?: number][] = [
  // Quotes and backticks.
  ['Person: "`Subject ID`"', `Person: '"Subject ID"'`, 'QuotesForBackticks', /Quotes stand where backticks belong: "Subject ID"/],
  ['"`Encounter date time` != null"', `'"Encounter date time" != null'`, 'QuotesForBackticks', /backticks belong: "Encounter date time"/],
  ['$exists(observations.Weight) ?', '$exists("Weight") ?', 'QuotesForBackticks', /backticks belong: "Weight"/],
  ['$exists(observations.Weight) ?', '"Weight" ?', 'QuotesForBackticks', /backticks belong/, lineOf('weight: |')],
  ['"start": $dateTime(`Encounter date time`,', '"start": $dateTime("Encounter date time",', 'QuotesForBackticks', /backticks belong/],
  ['observations.Married', 'observations["Is married"]', 'QuotesForBackticks', /backticks belong: "Is married"/],
  ['"`Encounter date time` != null"', `'Weight > 1 and "Encounter date time"'`, 'QuotesForBackticks', /backticks belong/],
  ['Person: "`Subject ID`"', 'Person: "Subject ID"', 'BadExpression', /Backticks are missing: .*as `Subject ID`/],
  ['observations.`First name`', 'observations.First name', 'BadExpression', /Backticks are missing: .*as `First name`/],
  ['observations.`Date of birth`', 'observations.Date of birth', 'BadExpression', /Backticks are missing: .*as `Date of`/],
  ['"`Encounter date time` != null"', '"Encounter date time != null"', 'BadExpression', /Backticks are missing/],
  ['observations.`First name`', 'observations.`First name', 'BadExpression', /has no closing one/],
  ['observations.Married', 'observations.“Is married”', 'BadExpression', /Typographic quotes/],
  ['observations.Married', 'observations.‘Married’', 'OddQuotes', /Typographic quotes/],
  ['Person: "`Subject ID`"', 'Person: `Subject ID`', 'InvalidYaml', /Flow|backtick stands in quotes/],
  [
    'when: "`Encounter date time` != null"',
    'when: `Encounter date time` != null',
    'InvalidYaml',
    /begins with a backtick stands in quotes/,
  ],
  // Words of other languages.
  ['` != null"', '` == null"', 'BadExpression', /compares by one "=", not by "=="/],
  ['` != null"', '` === null"', 'BadExpression', /compares by one "="/],
  ['` != null"', '` <> null"', 'BadExpression', /"!=" where two differ, not "<>"/],
  ['` != null"', '` != null && Weight"', 'BadExpression', /by "and", not by "&&"/],
  ['` != null"', '` != null || Weight"', 'BadExpression', /by "or", not by "\|\|"/],
  ['"`Encounter date time` != null"', '"!`Cancel date time`"', 'BadExpression', /no "!" of its own/],
  ['"start": $dateTime', '"start": if ($exists(x)) $dateTime', 'BadExpression', /has no "if"/],
  ['"active": true,', '"active": true, // always', 'BadExpression', /between \/\* and \*\//],
  ['observations.Married }', '"is " + observations.Married }', 'PlusOfTexts', /put together by "&"/],
  ['$exists(observations.Weight)', '$exist(observations.Weight)', 'UnknownFunction', /\$exist here/, lineOf('weight: |')],
  // Commas and brackets.
  ['"active": true,', '"active": true', 'BadExpression', /comma is missing/, lineOf('"gender"')],
  [
    '"maritalStatus": { "text": observations.Married }',
    '"maritalStatus": { "text": observations.Married },',
    'BadExpression',
    /nothing behind it/,
    lineOf('"maritalStatus"'),
  ],
  ['"use": "official" }]', '"use": "official" ]', 'BadExpression', /Expected "}"/],
  ['"unit": "kg" }', '"unit": "kg"', 'BadExpression', /Expected "}"/, lineOf('"unit": "kg"') + 1],
  // What FHIR has.
  ['"resourceType": "Patient"', '"resourceType": "Pateint"', 'NotOfDestination', /"Pateint" is no resource type.*Did you mean "Patient"/],
  [
    '"resourceType": "Observation"',
    '"resourceType": "Condition"',
    'NotOfDestination',
    /"Condition" is not among the types that are written/,
  ],
  ['"resourceType": "Patient",\n', '\n', 'NotOfDestination', /has no "resourceType"/, lineOf('map: |') + 1],
  ['"birthDate":', '"birthdate":', 'NotOfDestination', /Patient has no element "birthdate".*Did you mean "birthDate"/],
  ['"given":', '"first":', 'NotOfDestination', /Patient.name has no element "first"/],
  ['"valueQuantity":', '"value":', 'NotOfDestination', /Observation has no element "value"/],
  ['"valueQuantity":', '"valueNumber":', 'NotOfDestination', /Observation has no element "valueNumber"/],
  ['"gender": "female"', '"gender": "F"', 'NotOfDestination', /"F" is no code of .*administrative-gender/],
  ['"status": "finished"', '"status": "done"', 'NotOfDestination', /"done" is no code of .*encounter-status/],
  ['"use": "official"', '"use": "main"', 'NotOfDestination', /"main" is no code of .*name-use/],
  ['"active": true', '"active": "yes"', 'NotOfDestination', /Patient.active is a boolean in FHIR R4, which "yes" is not/],
  ['"class": { "code": "FLD" }', '"class": "FLD"', 'NotOfDestination', /Encounter.class is a Coding in FHIR R4: an object/],
  ['"code": { "text": "Weight" }', '"code": "Weight"', 'NotOfDestination', /Observation.code is a CodeableConcept/],
  ['"birthDate": observations.`Date of birth`', '"birthDate": "31/12/2020"', 'NotOfDestination', /Patient.birthDate is a date/],
  ['"birthDate": observations.`Date of birth`', '"birthDate": "2020-02-30"', 'NotOfDestination', /no such day/],
  ['"gender": "female"', '"gender": x ? "woman" : "other"', 'NotOfDestination', /"woman" is no code/],
  ['resource: Patient }', 'resource: Grp }', 'WrongValue', /names "Grp", which is no resource type of FHIR R4\./],
  // Names of the definition.
  ['$parent("Person")', '$parent("Persons")', 'UnknownParent', /Did you mean "Person"/],
  ['$ref("visit")', '$ref("vist")', 'UnknownResource', /Did you mean "visit"/],
  ['"gender": "female"', '"gender": $code("genders", x)', 'UnknownCodeTable', /Did you mean "gender"/],
  ['"Asia/Kolkata"', '"Asia/Calcuta"', 'BadZone', /not in the IANA database/],
  ['        when:', '        wehn:', 'UnknownKey', /Did you mean "when"/],
  ['from: { system: avni, subject', 'from: { system: anvi, subject', 'UnknownSystem', /Did you mean "avni"/],
  // Indents.
  ['    every: 5 minutes', '\tevery: 5 minutes', 'InvalidYaml', /A tab stands in the indent/],
  [
    '        to: { system: emr, resource: Patient }',
    '\t\tto: { system: emr, resource: Patient }',
    'InvalidYaml',
    /A tab stands in the indent/,
  ],
  ['        from: { system: avni, subject', '       from: { system: avni, subject', 'InvalidYaml', /indent of this line/],
  ['        to: { system: emr, resource: Patient }', '         to: { system: emr, resource: Patient }', 'InvalidYaml', /indent/],
  ['every: 5 minutes', 'every:5 minutes', 'InvalidYaml', /":" followed by a space is missing/],
  ['resource: Patient }', 'resource: Patient', 'InvalidYaml', /is not closed on its lines/],
];

async function problemsOf(text: string) {
  return (await readDefinition('x.yaml', text, connectorTypes, env)).problems;
}

describe('a mistake that an implementer makes', () => {
  it('is none in what is right, and there are fifty of them', async () => {
    expect(await problemsOf(RIGHT)).toEqual([]);
    expect(MISTAKES.length).toBeGreaterThanOrEqual(50);
  });

  it.each(MISTAKES)('%s written as %s is told as %s, once and at its line', async (right, wrong, code, says, line = lineOf(right)) => {
    expect(RIGHT).toContain(right);
    const [first, ...others] = await problemsOf(RIGHT.replace(right, () => wrong));
    expect([first?.code, first?.message]).toEqual([code, expect.stringMatching(says)]);
    expect([first?.line, others.filter((each) => each.line === first?.line && each.code === code)]).toEqual([line, []]);
  });

  it('is not seen in what R4 lets be written', async () => {
    const right = [
      '"valueQuantity": { "value": "0.1234567890123456789", "comparator": "<", "extension": [{ "url": "urn:x", "valueCode": "y" }] }',
      '"valueQuantity": x ? { "value": -1.5 } : { "value": 123456789012345 }',
      '"interpretation": { "coding": { "system": "urn:x", "code": "N" } }, "valueInteger": 3, "_valueInteger": { "id": "i" }',
      '"contained": [{ "resourceType": "Patient", "id": "p" }], "meta": { "tag": { "system": "urn:x", "code": "y" } }, "issued": "2020-01-01T00:00:00Z"',
      '"component": rows.{ "code": { "text": name }, "valueBoolean": true }, "text": { "status": "generated", "div": "<div>x</div>" }',
    ];
    const found = right.map((each) => problemsOf(RIGHT.replace(/"valueQuantity": .*\n/, () => `${each}\n`)));
    expect(await Promise.all(found)).toEqual(right.map(() => []));
  });

  it('leaves what may be right in use, with a warning', async () => {
    const text = RIGHT.replace('$ref("visit")', '$ref(visit)').replace('"unit": "kg"', 'unit: "kg"');
    const { problems, warnings } = await readDefinition('x.yaml', text, connectorTypes, env);
    expect(problems).toEqual([]);
    expect(warnings.map(({ code }) => code).sort()).toEqual(['MemberWithoutQuotes', 'NameWithoutQuotes']);
  });
});
