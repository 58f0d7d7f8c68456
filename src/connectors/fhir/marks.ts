import { isDeepStrictEqual } from 'node:util';
import type { StoredResource } from './resource.js';
import { getOwn } from '../../model/keyed.js';

const inactive = { active: false };
const enteredInError = { status: 'entered-in-error' };

/** What says of a stored resource that it no longer holds, by type. */
const MARKS: Readonly<Record<string, Record<string, unknown>>> = {
  Patient: inactive,
  Practitioner: inactive,
  PractitionerRole: inactive,
  RelatedPerson: inactive,
  Organization: inactive,
  Group: inactive,
  Person: inactive,
  HealthcareService: inactive,
  OrganizationAffiliation: inactive,
  Schedule: inactive,
  Goal: { lifecycleStatus: 'entered-in-error' },
  Location: { status: 'inactive' },
  Condition: {
    verificationStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }] },
  },
  AllergyIntolerance: {
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'entered-in-error' }],
    },
  },
};

/**
 * Whether a resource has its mark, whatever else it still says: what is marked may also come of an
 * earlier release, or of other hands, which took nothing away.
 */
export function isMarked(resource: StoredResource, own: Record<string, Record<string, unknown>> | undefined): boolean {
  return Object.entries(markOf(resource.resourceType, own)).every(([name, value]) => isDeepStrictEqual(getOwn(resource, name), value));
}

/** The elements that say so of a marked resource; of another, none. */
export function marksOf(resource: StoredResource, own: Record<string, Record<string, unknown>> | undefined): Set<string> {
  return new Set(isMarked(resource, own) ? Object.keys(markOf(resource.resourceType, own)) : []);
}

/** What marks a type: by the definition’s own table, or by ours. */
export function markOf(type: string, own: Record<string, Record<string, unknown>> | undefined): Record<string, unknown> {
  return getOwn(own, type) ?? defaultMark(type);
}

const ABATEMENT = /^_?abatement[A-Z]/;

/**
 * What marks a type where the definition says nothing: of our own table, or `status:
 * entered-in-error`, which most types can have, but not all.
 */
export function defaultMark(type: string): Record<string, unknown> {
  return getOwn(MARKS, type) ?? enteredInError;
}

/** The resource, marked by the definition’s own table, or by ours. */
export function marked(resource: StoredResource, own: Record<string, Record<string, unknown>> | undefined): StoredResource {
  const whole: StoredResource = { ...resource, ...markOf(resource.resourceType, own) };
  if (!isEnteredInError(whole['verificationStatus'])) return whole;
  // R4 lets what was entered in error have no clinical status (con-5, ait-2), and what has none no
  // abatement (con-4).
  const unfit = (name: string): boolean => name === 'clinicalStatus' || ABATEMENT.test(name);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !unfit(name))) as StoredResource;
}

function isEnteredInError(status: unknown): boolean {
  const { coding } = (status ?? {}) as { coding?: unknown };
  return Array.isArray(coding) && coding.some((each: { code?: unknown } | null) => each?.code === 'entered-in-error');
}
