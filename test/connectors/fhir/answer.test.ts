import { describe, expect, it } from '@jest/globals';
import { answerOf, refusalOf } from '../../../src/connectors/fhir/answer.js';

const refusal = (issue: Record<string, unknown>) => {
  const response = { status: 422, headers: {}, text: '' };
  return refusalOf(answerOf(422, { resourceType: 'OperationOutcome', issue: [issue] }, response, 'PUT'), false);
};

describe('what an OperationOutcome says', () => {
  it.each([
    'Patient.name[0].family',
    'Patient',
    'Bundle.entry[12].resource.ofType(Patient).birthDate',
    'Observation.valueQuantity.comparator',
    'Observation.value[x]',
    'Patient._birthDate.extension[2].value.ofType(CodeableConcept).coding[0].code',
    'identifier[0].system',
  ])('keeps the path %s', (path) => {
    const error = refusal({ code: 'business-rule', expression: [path] });
    expect(error).toMatchObject({ systemCode: 'business-rule', path });
    expect(error.message).toContain(path);
  });

  it.each([
    ['Patient.9845012345', 'Patient'],
    ['Patient.name[1].Devi.family', 'Patient.name[1]'],
    ['Patient.extension[0].valueDevi', 'Patient.extension[0]'],
    ["Patient.extension('http://x/Devi').value", 'Patient'],
    ['Patient.name[9845012345]', 'Patient'],
    ['Observation.value.ofType(Devi)', 'Observation.value'],
    ['Devi.name', undefined],
  ])('keeps of the path %s what R4 has names for', (expression, path) => {
    const error = refusal({ code: 'invalid', expression: [expression] });
    expect(error.path).toBe(path);
    expect(JSON.stringify(error)).not.toMatch(/Devi|98450/);
  });

  it.each([
    ['a path that filters by a value', { code: 'invalid', expression: ["Patient.name.where(family = 'Devi')"] }],
    ['a path of megabytes', { code: 'invalid', expression: [`Patient.${'Devi'.repeat(500_000)}`] }],
    ['a sentence as a path', { code: 'invalid', expression: ['Devi is not welcome'] }],
    ['words as a code', { code: 'Devi is not welcome', expression: ['Patient'] }],
  ])('does not give on %s', (_what, issue) => {
    const { message, path, systemCode, remedy } = refusal(issue);
    expect(JSON.stringify({ message, path, systemCode, remedy })).not.toContain('Devi');
  });
});
