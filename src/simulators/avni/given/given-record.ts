import { z } from 'zod';
import { isObject } from '../../../model/is-object.js';
import { named } from '../metadata.js';
import type { ApiKind } from '../record.js';

const text = z.string().min(1, 'must not be empty');
const maybe = text.nullish();
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether it is a day that there is, as yyyy-MM-dd. */
export function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !DAY.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Whether it is a moment, with its zone. */
export function isMoment(value: unknown): boolean {
  return typeof value === 'string' && MOMENT.test(value) && isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value));
}

const day = z.custom<string>(isDay, 'must be a day, as 2026-01-31').nullish();
const moment = z.custom<string>(isMoment, 'must be a moment with its zone, as 2026-01-31T09:30:00Z').nullish();
const observations = z.custom<Record<string, unknown>>(isObject, 'must be answers by the names of their concepts');

/** A record as Avni's API gives it, with an address for its location. */
export const givenRecord = z.strictObject({
  ID: text.optional(),
  'External ID': maybe,
  Voided: z.boolean().optional(),
  'Subject type': text.optional(),
  'Registration date': day,
  Address: text.optional(),
  'Subject ID': text.optional(),
  Program: text.optional(),
  'Enrolment ID': text.optional(),
  'Enrolment datetime': moment,
  'Exit datetime': moment,
  'Encounter type': text.optional(),
  'Encounter date time': moment,
  'Earliest scheduled date': moment,
  'Max scheduled date': moment,
  'Cancel date time': moment,
  observations: observations.default({}),
  exitObservations: observations.optional(),
  cancelObservations: observations.optional(),
});

/** A subject in a group, as Avni's API gives it, by the ids of both. */
export const givenMembership = z.strictObject({
  'Group ID': text,
  'Member ID': text,
  Role: text,
  'Membership start date': moment,
  'Membership end date': moment,
  Voided: z.boolean().optional(),
});

export type GivenMembership = z.infer<typeof givenMembership>;

export type GivenRecord = z.infer<typeof givenRecord>;

/** What kind of record it is, by the fields that it has. */
export function kindOfGiven(given: GivenRecord): ApiKind | undefined {
  if (given['Encounter type'] !== undefined) return given['Enrolment ID'] === undefined ? 'encounter' : 'programEncounter';
  if (given.Program !== undefined) return 'enrolment';
  return given['Subject type'] === undefined ? undefined : 'subject';
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The UUID that a record has: its own, or one made of the label that its file gives it. */
export function idOf(label: string): string {
  return UUID.test(label) ? label.toLowerCase() : named(label, 'record').uuid;
}
