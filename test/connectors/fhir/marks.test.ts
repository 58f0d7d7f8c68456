import { describe, expect, it } from '@jest/globals';
import { isMarked, marked } from '../../../src/connectors/fhir/marks.js';
import { shapeResource } from '../../../src/connectors/fhir/shape.js';
import type { StoredResource } from '../../../src/connectors/fhir/resource.js';

const subject = { reference: 'Patient/x' };
const clinical = (system: string) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }] });
const resolved = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'resolved' }] };
const stored: Record<string, Record<string, unknown>> = {
  Condition: { subject, clinicalStatus: clinical('condition-clinical') },
  AllergyIntolerance: { patient: subject, clinicalStatus: clinical('allergyintolerance-clinical') },
  Goal: { lifecycleStatus: 'active', description: { text: 'x' }, subject },
  HealthcareService: { active: true },
  OrganizationAffiliation: { active: true, organization: { reference: 'Organization/x' } },
  Schedule: { actor: [subject] },
  Patient: { active: true },
  Location: { status: 'active' },
  Encounter: { status: 'finished', class: { code: 'FLD' } },
};

describe('a mark of ours', () => {
  it.each(Object.entries(stored))('is valid on %s, and is seen again', (resourceType, body) => {
    const resource: StoredResource = { resourceType, id: 'a', ...body };
    const result = marked(resource, undefined);
    expect(shapeResource(result, [resourceType])).toEqual({ type: resourceType, body: result });
    expect([isMarked(resource, undefined), isMarked(result, undefined)]).toEqual([false, true]);
  });

  it('takes the end of a condition away, which R4 lets it have with a clinical status alone', () => {
    const condition: StoredResource = {
      resourceType: 'Condition',
      id: 'a',
      subject,
      clinicalStatus: resolved,
      abatementDateTime: '2026-01-01',
    };
    expect(shapeResource(condition, ['Condition'])).toEqual({ type: 'Condition', body: condition });
    const result = marked(condition, undefined);
    expect(shapeResource(result, ['Condition'])).toEqual({ type: 'Condition', body: result });
    expect(isMarked(result, undefined)).toBe(true);
  });

  it('is seen where more is left than it leaves, as an earlier release left a clinical status', () => {
    const { verificationStatus } = marked({ resourceType: 'Condition', id: 'a' }, undefined);
    const before: StoredResource = { resourceType: 'Condition', id: 'a', ...stored['Condition'], verificationStatus };
    expect(isMarked(before, undefined)).toBe(true);
    expect(marked(before, undefined)).not.toHaveProperty('clinicalStatus');
  });

  it('leaves the clinical status where the definition marks otherwise', () => {
    const verificationStatus = { coding: [{ code: 'refuted' }] };
    const condition: StoredResource = { resourceType: 'Condition', id: 'a', ...stored['Condition'] };
    expect(marked(condition, { Condition: { verificationStatus } })).toEqual({ ...condition, verificationStatus });
  });
});
