import { isNumber, sameNumber } from '../../json/exact-number.js';
import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Concept } from './setup/concepts.js';
import type { Locations } from './setup/locations.js';
import type { Missing } from './setup/metadata-answer.js';
import type { FieldForm } from './write-fields.js';

/** What is known of the concepts of a record; and of its locations, where one is named. */
export interface Known {
  concepts: ReadonlyMap<string, Concept | Missing>;
  locations?: Locations;
}

const MEDIA: ReadonlySet<string> = new Set(['Image', 'ImageV2', 'Video', 'Audio', 'File']);

/** Whether Avni keeps a copy of what stands at an address, under one of its own. */
export function isMedia(concept: Concept | Missing | undefined): boolean {
  return typeof concept === 'object' && MEDIA.has(concept.dataType);
}

/** Whether a field has this value: moments by time, numbers by value. */
export function sameField(form: FieldForm, wanted: unknown, stored: unknown): boolean {
  if (isNothing(wanted) || isNothing(stored)) return isNothing(wanted) && isNothing(stored);
  if (form === 'dateTime') return Date.parse(String(wanted)) === Date.parse(String(stored));
  return same(wanted, stored);
}

/** Whether observations, of one group, are these: those and no others, whatever their order. */
export function sameObservations(wanted: object, stored: object, known: Known): boolean {
  const names = new Set([...Object.keys(wanted), ...Object.keys(stored)]);
  return [...names].every((name) => {
    const [a, b] = [getOwn(wanted as Record<string, unknown>, name), getOwn(stored as Record<string, unknown>, name)];
    return sameObservation(known.concepts.get(name), a, b, known);
  });
}

/** Whether an observation has this value, in whatever form Avni shows one of its concept. */
export function sameObservation(concept: Concept | Missing | undefined, wanted: unknown, stored: unknown, known: Known): boolean {
  if (isNothing(wanted) || isNothing(stored)) return isNothing(wanted) && isNothing(stored);
  if (typeof concept !== 'object') return same(wanted, stored);
  const { dataType } = concept;
  if (dataType === 'Coded') return sameAnswers(wanted, stored);
  if (dataType === 'Date') return dayOf(wanted) === dayOf(stored);
  if (dataType === 'DateTime' && typeof wanted === 'string' && typeof stored === 'string')
    return wanted === stored || Date.parse(wanted) === Date.parse(stored);
  if (dataType === 'PhoneNumber') return numberOf(wanted) === numberOf(stored);
  if (isMedia(concept)) return countOf(wanted) === countOf(stored);
  if (dataType === 'Location') return same(wanted, stored) || samePlace(wanted, stored, known.locations);
  if (dataType !== 'QuestionGroup') return same(wanted, stored);
  const [a, b] = [listOf(wanted), listOf(stored)];
  if (Array.isArray(wanted) !== Array.isArray(stored) || a.length !== b.length) return false;
  return a.every((each, index) => {
    const other = b[index];
    return isObject(each) && isObject(other) && sameObservations(each, other, known);
  });
}

/** Empty things say nothing. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function countOf(value: unknown): number {
  return listOf(value).length;
}

/** In any order; one answer is not a list of one. */
function sameAnswers(wanted: unknown, stored: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(stored)) return same(wanted, stored);
  const [a, b] = [new Set<unknown>(wanted), new Set<unknown>(stored)];
  return wanted.length === stored.length && a.size === b.size && [...a].every((each) => b.has(each));
}

const INDIA = 5.5 * 3_600_000;

/** Phones store midnight in India as a moment (Avni server, observed). */
function dayOf(value: unknown): unknown {
  if (typeof value !== 'string' || !value.includes('T')) return value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : new Date(time + INDIA).toISOString().slice(0, 10);
}

function numberOf(value: unknown): unknown {
  return isObject(value) ? value['phoneNumber'] : value;
}

/** Avni shows a place by the titles of all its levels. */
function samePlace(wanted: unknown, stored: unknown, locations: Locations | undefined): boolean {
  const place = typeof wanted === 'string' ? locations?.withId(wanted) : undefined;
  if (!place || !isObject(stored)) return false;
  const shown = Object.entries(stored);
  return shown.length === place.levels.size && shown.every(([type, title]) => place.levels.get(type) === title);
}

/**
 * Whether two values of JSON are the same: numbers by value, lists in order, the rest as it stands.
 */
export function same(a: unknown, b: unknown): boolean {
  if (isNumber(a) || isNumber(b)) return isNumber(a) && isNumber(b) && sameNumber(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(getOwn(a as Record<string, unknown>, name), getOwn(b as Record<string, unknown>, name)));
}
