import { z } from 'zod';
import { isNumber } from '../../json/exact-number.js';
import type { RecordError } from '../../errors/record-error.js';
import { isObject } from '../../model/is-object.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import { isWellFormed } from '../well-formed.js';
import type { Target } from './destination-settings.js';
import { invalidField } from './record-errors.js';
import { PLACEHOLDER } from './placeholder.js';
import type { Body } from './stored-record.js';
import { PLACES, written, type FieldForm, type WriteKind } from './write-fields.js';

const MAX_DEPTH = 20;

const isDate = (text: string): boolean => z.iso.date().safeParse(text).success;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-8]):[0-5]\d)$/;

/** A moment: a date-time with its zone. A server takes others, and puts its own zone to them. */
export function isDateTime(text: string): boolean {
  const date = DATE_TIME.exec(text)?.[1];
  return date !== undefined && isDate(date) && !Number.isNaN(Date.parse(text));
}

/**
 * What a mapping made of one record, in the form an Avni server takes, as far as that shows without
 * the server. Pure.
 */
export function shapeRecord(mapped: unknown, target: Target<WriteKind>): { type: string; body: Body } | { error: RecordError } | undefined {
  const given = cleaned(mapped, 0);
  if (given === undefined) return undefined;
  const error = isObject(given) ? problemOf(given, target) : invalidField('its root', 'is no object of fields and observations');
  if (error) return { error };
  const groups = Object.fromEntries(written[target.kind].groups.map((name) => [name, getOwn(given as Body, name) ?? {}]));
  return { type: target.kind, body: { ...(given as Body), ...groups } };
}

function problemOf(given: Body, target: Target<WriteKind>): RecordError | undefined {
  const { kind, type, owns } = target;
  const { fields, groups } = written[kind];
  for (const [name, value] of Object.entries(given)) {
    const form = getOwn(fields, name);
    if (form !== undefined) {
      const wrong = whyNot(form, value);
      if (wrong !== undefined) return invalidField(name, wrong);
    } else if (groups.includes(name)) {
      if (!isObject(value)) return invalidField(name, 'is no object of observations by the names of their concepts');
      const strange = owns && Object.keys(value).find((each) => !owns.has(each));
      if (strange !== undefined) return invalidField(name, 'gives an observation that “owns” does not name', strange);
    } else if (name !== written[kind].type || value !== type)
      return invalidField('its root', `gives a field that Avni does not have of ${kind} records, or that Sangam gives itself`, name);
  }
  const places = PLACES.filter((name) => getOwn(given, name) !== undefined);
  if (places.length > 1) return invalidField(places.join(' and '), 'are given together, and only one of them may be');
  return unusable(given, 'its root');
}

/** Without what is empty, which an Avni server would store as it is. */
function cleaned(value: unknown, depth: number): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'object' || isNumber(value) || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    const items = value.map((each) => cleaned(each, depth + 1)).filter((each) => each !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const kept: Body = {};
  for (const [name, each] of Object.entries(value)) {
    const inner = cleaned(each, depth + 1);
    if (inner !== undefined) setOwn(kept, name, inner);
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function whyNot(form: FieldForm, value: unknown): string | undefined {
  if (form === 'text') return typeof value === 'string' ? undefined : 'is no text';
  if (form === 'date') return typeof value === 'string' && isDate(value) ? undefined : 'is no day of the form yyyy-MM-dd';
  if (form === 'dateTime')
    return typeof value === 'string' && isDateTime(value) ? undefined : 'is no ISO date-time with its zone, as $dateTime gives it';
  if (form === 'point') return isPoint(value) ? undefined : 'is not of the form {"x": number, "y": number}';
  if (form === 'texts')
    return isObject(value) && Object.values(value).every((each) => typeof each === 'string') ? undefined : 'has a value that is no text';
  return isObject(value) && isPoint(value['coordinates']) && isNumber(value['accuracy'] ?? 0)
    ? undefined
    : 'is not of the form {"coordinates": {"x", "y"}, "accuracy"}';
}

function isPoint(value: unknown): boolean {
  return isObject(value) && isNumber(value['x']) && isNumber(value['y']) && Object.keys(value).length === 2;
}

/** What no database of Avni's stores, or no request carries. */
function unusable(value: unknown, path: string, depth = 0): RecordError | undefined {
  if (depth > MAX_DEPTH) return invalidField(path, `is more than ${MAX_DEPTH} levels deep`);
  if (typeof value === 'string') {
    if (value === PLACEHOLDER) return invalidField(path, 'refers to another resource of the same record by $ref, which Avni cannot');
    return value.includes('\0') || !isWellFormed(value) ? invalidField(path, 'holds a character that Avni cannot store') : undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : invalidField(path, 'is no number');
  if (typeof value !== 'object' || value === null || isNumber(value)) return undefined;
  const name = (key: string): string => (Array.isArray(value) ? path : path === 'its root' ? key : path);
  for (const [key, each] of Object.entries(value)) {
    const error = unusable(key, path) ?? unusable(each, name(key), depth + 1);
    if (error) return error;
  }
  return undefined;
}
