import { describe, expect, it } from '@jest/globals';
import { answerOf, refusalOf } from '../../../src/connectors/fhir/answer.js';

const refusal = (issue: Record<string, unknown>) => {
  const response = { status: 422, headers: {}, text: '' };
  return refusalOf(answerOf(422, { resourceType: 'OperationOutcome', issue: [issue] }, response, 'PUT'), false);
};

describe('what an OperationOutcome says', () => {
  it.each(['Patient.name[0].family', 'Patient', 'Bundle.entry[12].resource.ofType(Patient).birthDate'])('keeps the path %s', (path) => {
    const error = refusal({ code: 'business-rule', expression: [path] });
    expect(error).toMatchObject({ systemCode: 'business-rule', path });
    expect(error.message).toContain(path);
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
