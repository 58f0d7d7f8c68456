import { describe, expect, it } from '@jest/globals';
import { answerOf, incidentOf, refusalOf } from '../../../src/connectors/fhir/answer.js';
import { classifier } from '../../../src/errors/classify.js';
import { whoseFault } from '../../../src/errors/whose-fault.js';

const refusal = (issue: Record<string, unknown>) => {
  const response = { status: 422, headers: {}, text: '' };
  return refusalOf(answerOf(422, { resourceType: 'OperationOutcome', issue: [issue] }, response, { method: 'PUT' }), false);
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

describe('an answer to a write', () => {
  const told = (status: number, body: unknown, text = JSON.stringify(body)) =>
    refusalOf(answerOf(status, body, { status, headers: {}, text }, { method: 'PUT' }), false);
  const kept = ({ detail: _detail, ...rest }: ReturnType<typeof told>): string => JSON.stringify(rest);
  const issue = [
    { severity: 'information', code: 'informational', diagnostics: 'Validation took 5 ms' },
    { severity: 'warning', code: 'invariant', details: { text: 'No narrative for Devi' }, expression: ['Patient.text'] },
    {
      severity: 'error',
      code: 'code-invalid',
      diagnostics: 'Unknown code Devi',
      details: { text: 'HAPI-0450' },
      expression: ['Patient.gender'],
    },
    { severity: 'error', code: 'required', diagnostics: 'No identifier' },
  ];

  it('is told by the first issue that is an error, and shown with the texts of all', () => {
    const error = told(422, { resourceType: 'OperationOutcome', issue });
    expect(error).toMatchObject({ systemCode: 'code-invalid', path: 'Patient.gender' });
    expect(error.detail).toBe('Unknown code Devi\nHAPI-0450\nValidation took 5 ms\nNo narrative for Devi\nNo identifier');
    expect(kept(error)).not.toContain('Devi');
  });

  it.each([
    [
      'a fatal one behind a warning',
      [
        { severity: 'warning', code: 'invalid' },
        { severity: 'fatal', code: 'exception' },
      ],
      'exception',
    ],
    [
      'warnings alone',
      [
        { severity: 'warning', code: 'invalid' },
        { severity: 'warning', code: 'value' },
      ],
      'invalid',
    ],
    ['one without severity', [{ code: 'invalid' }], 'invalid'],
    ['one that is broken', [{ severity: 'error', code: 'required', diagnostics: 7, expression: 'Patient' }], 'required'],
    ['none', [], undefined],
  ])('is told by %s', (_what, issues, code) => {
    expect(told(422, { resourceType: 'OperationOutcome', issue: issues }).systemCode).toBe(code);
  });

  it('is matched and shown as it is where it is no OperationOutcome', () => {
    const types = [
      { name: 'QuotaExceeded', contains: 'quota exceeded', keep: [], then: 'retry' as const, remedy: 'Raise it.' },
      { name: 'NoAddress', matches: "Address '(?<address>.*)' not found", keep: ['address'], then: 'retry' as const, remedy: 'Add it.' },
    ];
    const classify = classifier(types, 'retry');
    const quota = told(400, { error: 'Quota exceeded', for: 'Devi' });
    expect(quota.detail).toBe('{"error":"Quota exceeded","for":"Devi"}');
    expect(kept(quota)).not.toContain('Devi');
    expect(classify(quota)).toMatchObject({ errorType: 'QuotaExceeded' });
    expect(classify(told(400, undefined, "<p>Address 'Rampur' not found</p>"))).toMatchObject({
      errorType: 'NoAddress',
      kept: { address: 'Rampur' },
    });
  });

  it('is bounded', () => {
    expect(told(400, undefined, 'x'.repeat(1_000_000)).detail?.length).toBe(16_384);
    const many = Array.from({ length: 10_000 }, () => ({ severity: 'error', code: 'invalid', diagnostics: 'y'.repeat(100) }));
    expect(told(400, { resourceType: 'OperationOutcome', issue: many }).detail?.length).toBe(16_384);
  });

  it('is a conflict by the words of what went wrong alone', () => {
    const answer = (body: unknown, text: string) =>
      whoseFault({
        ...incidentOf(answerOf(409, body, { status: 409, headers: {}, text }, { method: 'PUT' }), 'write'),
        tries: 1,
        probe: 'not asked',
      });
    expect(answer(undefined, '<?xml version="1.0"?><p>no</p>').kind).toBe('record');
    const words = { severity: 'error', code: 'conflict', diagnostics: 'The version is another' };
    expect(answer({ issue: [{ severity: 'warning', diagnostics: 'hm' }, words] }, '').kind).toBe('conflict');
  });
});
