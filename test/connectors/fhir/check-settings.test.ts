import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../../src/connectors/all.js';
import { readDefinition } from '../../../src/definition/read-definition.js';

/** Of whatever type. */
const definition = (to: string, map = '"$merge(made)"'): string => `integration: small
systems:
  avni: { connector: avni, url: "\${URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${URL}" }
processes:
  one:
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, ${to} }
        map: ${map.startsWith('{ "') ? `'${map}'` : map}
`;

async function problems(to: string, map?: string): Promise<string[]> {
  const read = await readDefinition('x.yaml', definition(to, map), connectorTypes, { URL: 'http://a' });
  return read.problems.map(({ path, message }) => `${path.replace('processes.one.entityTypes.Person.to.', '')}: ${message}`);
}

const two = `{ a: '{ "resourceType": "Provenance" }', b: '{ "resourceType": "Patient" }' }`;

const refuted = '{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-ver-status", code: refuted }] }';

describe('what the check finds of a FHIR destination', () => {
  it.each<[to: string, map?: string]>([
    ['resource: Patient'],
    ['resource: Patient, key: { system: "urn:x", value: ID }'],
    ['resource: QuestionnaireResponse, key: { system: "urn:x", value: ID }'],
    ['resource: Patient, mark: { Patient: { active: false, deceasedBoolean: true } }'],
    [
      `resources: [Observation, Condition], mark: { Observation: { status: entered-in-error }, Condition: { verificationStatus: ${refuted} } }`,
    ],
    ['resource: Patient, mark: { Patient: { extension: [{ url: "http://x", valueBoolean: true }] } }'],
    ['resources: [Patient, Provenance], key: { b: { value: ID } }', two],
  ])('takes %s', async (...[to, map]) => {
    expect(await problems(to, map)).toEqual([]);
  });

  it.each([
    ['resource: Provenance, key: { system: "urn:x", value: ID }', /^key: Provenance has no identifier in FHIR R4/],
    ['resource: Patient, key: { system: "", value: ID }', /^key\.system: .*be left out/],
    ['resource: DomainResource', /^resource: .* is no resource type of FHIR R4\./],
    ['resource: Patient, key: {}', /^key: .*must have "value"/],
    [
      'resource: Patient, mark: { Patiant: { active: false } }',
      /^mark\.Patiant: "Patiant" is not among the types that are written: Patient/,
    ],
    ['resource: Patient, mark: { Patient: {} }', /^mark\.Patient: .* empty/],
    ['resource: Patient, mark: { Patient: { actve: "no" } }', /^mark\.Patient: .*Patient\.actve: Invalid additional property/],
    ['resource: Patient, mark: { Patient: { active: "no" } }', /^mark\.Patient: .*Patient\.active: Invalid JSON type/],
    ['resource: Patient, mark: { Patient: { name: { family: x } } }', /^mark\.Patient: .*Patient\.name: Expected array/],
    ['resource: Observation, mark: { Observation: { status: wrong } }', /^mark\.Observation: .*Observation\.status: its code is not in/],
    [
      'resource: Condition, mark: { Condition: { verificationStatus: { text: "wrong" } } }',
      /^mark\.Condition: .*Condition\.verificationStatus: it has no coding in the required value set/,
    ],
    [
      'resource: Questionnaire, mark: { Questionnaire: { status: entered-in-error } }',
      /^mark\.Questionnaire: .*Questionnaire\.status: its code/,
    ],
    ['resource: Provenance, mark: { Provenance: { status: entered-in-error } }', /^mark\.Provenance: .*Invalid additional property/],
    ['resource: Patient, mark: { Patient: { name: [] } }', /^mark\.Patient: .*Patient\.name: it is empty/],
    ['resource: Patient, mark: { Patient: { birthDate: "" } }', /^mark\.Patient: .*Patient\.birthDate: it is empty/],
    ['resource: Patient, mark: { Patient: { maritalStatus: 3 } }', /^mark\.Patient: .*Patient\.maritalStatus: it must be an object/],
    ['resource: Patient, mark: { Patient: { contact: [{ gender: male }] } }', /^mark\.Patient: .*Patient\.contact\[0\]: Constraint pat-1/],
    ['resource: Patient, mark: { Patient: { identifier: [] } }', /^mark\.Patient\.identifier: /],
  ])('refuses %s', async (to, says) => {
    const found = await problems(to);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });
});
