import { describe, expect, it } from '@jest/globals';
import { bundle, patient, put, world } from './fhir-world.js';

const observation = (more: object) => ({ resourceType: 'Observation', id: 'a', status: 'final', code: { text: 'w' }, ...more });
const condition = (verificationStatus: object) => ({
  resourceType: 'Condition',
  id: 'a',
  subject: { reference: 'Patient/p' },
  verificationStatus,
});

describe('a code outside the required value set of its element', () => {
  it.each([
    ['at the top', patient('a', { gender: 'nonsense' }), ['Patient.gender']],
    ['in a list', patient('a', { name: [{ use: 'official' }, { use: 'nonsense' }] }), ['Patient.name[1].use']],
    ['in a part of its own', patient('a', { contact: [{ name: { text: 'x' }, gender: 'f' }] }), ['Patient.contact[0].gender']],
    ['in a choice', observation({ valueQuantity: { value: 1, comparator: '=' } }), ['Observation.valueQuantity.comparator']],
    ['in a resource inside', observation({ contained: [patient('p', { gender: 'f' })] }), ['Observation.contained[0].gender']],
    ['as text in place of a concept', condition({ text: 'confirmed' }), ['Condition.verificationStatus']],
    ['as a concept of another system', condition({ coding: [{ code: 'confirmed' }] }), ['Condition.verificationStatus']],
    ['twice', patient('a', { gender: 'f', name: [{ use: 'x' }] }), ['Patient.gender', 'Patient.name[0].use']],
  ])('is refused, and named by its path: %s', async (_where, resource, paths) => {
    const { simulator, ask } = await world();
    const { status, body } = await ask('PUT', `/${resource.resourceType}/a`, resource);
    expect([status, body.resourceType]).toEqual([422, 'OperationOutcome']);
    expect(body.issue).toEqual(
      paths.map((path) => expect.objectContaining({ code: 'code-invalid', severity: 'error', expression: [path] })),
    );
    expect(simulator.repository.all()).toEqual([]);
  });

  it('spoils the transaction it is in, and nothing else of a batch', async () => {
    const { simulator, ask } = await world();
    const entries = [put(patient('good', { gender: 'female' })), put(patient('bad', { gender: 'F' }))];
    expect(await ask('POST', '', bundle('transaction', ...entries))).toMatchObject({
      status: 422,
      body: { issue: [{ code: 'code-invalid' }] },
    });
    expect(simulator.repository.all()).toEqual([]);
    const { body } = await ask('POST', '', bundle('batch', ...entries));
    expect(body.entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual(['201', '422']);
  });

  it('is stored where the server does not validate; and others may say what they like', async () => {
    const { ask } = await world({ behaviour: { validates: false } });
    expect((await ask('PUT', '/Patient/a', patient('a', { gender: 'nonsense' }))).status).toBe(201);
    const validating = (await world()).ask;
    // Languages cannot be listed, marital status is an example only, and an extension's code has no
    // value set.
    const free = { language: 'tlh', maritalStatus: { coding: [{ code: '?' }] }, extension: [{ url: 'http://x', valueCode: 'any' }] };
    expect((await validating('PUT', '/Patient/a', patient('a', { gender: 'unknown', ...free }))).status).toBe(201);
    const known = { system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' };
    expect((await validating('PUT', '/Condition/a', condition({ coding: [{ code: 'own' }, known] }))).status).toBe(201);
  });
});

it('refuses a number or a boolean in the place of an object', async () => {
  const { ask } = await world();
  for (const code of [3, true])
    expect(await ask('PUT', '/Observation/a', observation({ code }))).toMatchObject({
      status: 422,
      body: { issue: [{ code: 'structure', expression: ['Observation.code'] }] },
    });
});

it.each([
  ['two values of one element', observation({ valueString: 'x', valueInteger: 1 }), 'Observation'],
  ['a day that there is not', patient('a', { birthDate: '2026-02-30' }), 'Patient.birthDate'],
  ['a time without a zone', observation({ effectiveDateTime: '2026-01-01T10:00:00' }), 'Observation.effectiveDateTime'],
])('refuses %s', async (_what, resource, path) => {
  const { ask } = await world();
  const answer = await ask('PUT', `/${resource.resourceType}/a`, resource);
  expect(answer).toMatchObject({ status: 422, body: { issue: [{ severity: 'error', expression: [path] }] } });
});
