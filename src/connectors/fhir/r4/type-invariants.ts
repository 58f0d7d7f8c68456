import type { InternalSchemaElement } from '@medplum/core';
import { ExactNumber, isNumber } from '../../../json/exact-number.js';
import { isObject } from '../../../model/is-object.js';
import { getOwn } from '../../../model/keyed.js';
import { narrativeRule } from './narrative.js';

type Json = Record<string, unknown>;

/** The key of a rule in R4, and whether a value breaks it. */
type Rule = [key: string, isBroken: (value: Json) => boolean];

const UCUM = 'http://unitsofmeasure.org';

const has = (value: Json, name: string): boolean => getOwn(value, name) !== undefined;
const without =
  (name: string, needed: string) =>
  (value: Json): boolean =>
    has(value, name) && !has(value, needed);
const valueOf = (value: Json): number | undefined => {
  const number = getOwn(value, 'value');
  return isNumber(number) ? Number(number instanceof ExactNumber ? number.text : number) : undefined;
};
const isOfUcum = ({ system }: Json): boolean => system === undefined || system === UCUM;
/** A number with a unit by its code, of UCUM. */
const isMeasured = (value: Json): boolean => (has(value, 'code') || !has(value, 'value')) && isOfUcum(value);

const coded: Rule = ['qty-3', without('code', 'system')];

/**
 * Rules of R4 for the data types themselves, which Medplum's validator leaves out: it looks at
 * those of elements alone, such as of `Timing.repeat`. Those of ElementDefinition are left out here
 * too.
 */
const RULES: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ['Age', [coded, ['age-1', (value) => !isMeasured(value) || (valueOf(value) ?? 1) <= 0]]],
  ['Attachment', [['att-1', without('data', 'contentType')]]],
  ['ContactPoint', [['cpt-2', without('value', 'system')]]],
  ['Count', [coded, ['cnt-3', (value) => !isMeasured(value) || !isCount(value)]]],
  ['Distance', [coded, ['dis-1', (value) => !isMeasured(value)]]],
  ['Duration', [coded, ['drt-1', (value) => has(value, 'code') && (value['system'] !== UCUM || !has(value, 'value'))]]],
  ['Expression', [['exp-1', (value) => !has(value, 'expression') && !has(value, 'reference')]]],
  [
    'Narrative',
    [
      ['txt-1', ({ div }) => narrativeRule(div) === 'txt-1'],
      ['txt-2', ({ div }) => narrativeRule(div) === 'txt-2'],
    ],
  ],
  ['Period', [['per-1', ({ start, end }) => isAfter(start, end)]]],
  ['Quantity', [coded]],
  ['Range', [['rng-2', ({ low, high }) => isMore(low, high)]]],
  ['Ratio', [['rat-1', (value) => !isRatio(value)]]],
  ['TriggerDefinition', [['trd-1', (value) => has(value, 'data') && Object.keys(value).some((name) => name.startsWith('timing'))]]],
]);

/** Rules of the narrower forms of Quantity that an element may ask for. */
const simple: Rule = ['sqty-1', (value) => has(value, 'comparator')];

/**
 * The key of the rule of its data type that an object breaks, e.g. `per-1`; undefined where none.
 */
export function brokenRule(value: Json, type: string, element: InternalSchemaElement): string | undefined {
  const rules = RULES.get(type);
  if (!rules) return undefined;
  const broken = rules.find(([, isBroken]) => isBroken(value));
  return (broken ?? (isSimple(type, element) && simple[1](value) ? simple : undefined))?.[0];
}

function isSimple(type: string, { type: types }: InternalSchemaElement): boolean {
  return (
    type === 'Quantity' &&
    types.some(({ code, profile }) => code === type && (profile ?? []).some((url) => url.endsWith('/SimpleQuantity')))
  );
}

function isRatio(value: Json): boolean {
  return has(value, 'numerator') ? has(value, 'denominator') : !has(value, 'denominator') && has(value, 'extension');
}

function isCount(value: Json): boolean {
  const number = getOwn(value, 'value');
  const isWhole = !isNumber(number) || !/\./.test(number instanceof ExactNumber ? number.text : String(number));
  return isWhole && (!has(value, 'code') || value['code'] === '1');
}

/** Of dates of different precision, as FHIRPath has it, the part that both have tells. */
function isAfter(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return false;
  if (start.includes('T') && end.includes('T')) return Date.parse(start) > Date.parse(end);
  const length = Math.min(start.length, end.length, 10);
  return start.slice(0, length) > end.slice(0, length);
}

/** Quantities of one unit are compared; of others nobody can tell. */
function isMore(low: unknown, high: unknown): boolean {
  if (!isObject(low) || !isObject(high)) return false;
  const [least, most] = [valueOf(low), valueOf(high)];
  const isSameUnit = ['unit', 'code', 'system'].every((name) => getOwn(low, name) === getOwn(high, name));
  return isSameUnit && least !== undefined && most !== undefined && least > most;
}
