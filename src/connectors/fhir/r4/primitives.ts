import { fhirTypeToJsType, validationRegexes } from '@medplum/core';
import { getOwn } from '../../../model/keyed.js';

const WHOLE = new Set(['integer', 'integer64', 'positiveInt', 'unsignedInt']);
const LEAST: Readonly<Record<string, number>> = { positiveInt: 1, unsignedInt: 0 };
const LONGEST = 1024 * 1024;

/** Whether a value is surely one of a primitive type of R4, as Medplum’s validator judges it. */
export function isSurelyPrimitive(value: unknown, type: string): boolean {
  const expected = getOwn(fhirTypeToJsType as Record<string, string>, type);
  if (expected === undefined || typeof value !== expected || type === 'xhtml') return false;
  if (typeof value === 'string')
    return value.length <= LONGEST && value.trim() !== '' && (getOwn(validationRegexes, type)?.test(value) ?? true);
  if (typeof value !== 'number') return true;
  if (!Number.isFinite(value)) return false;
  return !WHOLE.has(type) || (Number.isInteger(value) && value >= (getOwn(LEAST, type) ?? Number.NEGATIVE_INFINITY));
}
