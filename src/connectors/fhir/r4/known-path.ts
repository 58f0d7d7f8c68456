import { tryGetDataType } from '@medplum/core';
import { allElements, isResourceType } from './structures.js';

const SEGMENT = /^(?:ofType\((?<type>[A-Za-z]\w*)\)|_?(?<name>[A-Za-z]\w*)(?:\[x\])?(?:\[\d{1,6}\])?)$/;
/** No longer than any real one. */
const LONGEST = 200;

let names: ReadonlySet<string> | undefined;

/**
 * Of a path to an element the part that is made of names R4 has, and of indices; undefined where
 * none is. What somebody else wrote as a path may hold a value: a member that is none of R4’s, a
 * filter, a sentence.
 */
export function knownPath(path: string): string | undefined {
  const segments = path.slice(0, LONGEST).split('.');
  const unknown = segments.findIndex((segment) => !isKnown(segment));
  const known = unknown === -1 ? segments : segments.slice(0, unknown);
  return known.length > 0 ? known.join('.') : undefined;
}

function isKnown(segment: string): boolean {
  const { type, name } = SEGMENT.exec(segment)?.groups ?? {};
  if (type !== undefined) return isResourceType(type) || tryGetDataType(type) !== undefined;
  return name !== undefined && (isResourceType(name) || (names ??= elementNames()).has(name));
}

/** By the names they have in JSON and in FHIRPath: `valueQuantity` and `value`. */
function elementNames(): ReadonlySet<string> {
  const found = new Set(['resourceType']);
  for (const { path, types } of allElements()) {
    const last = path.slice(path.lastIndexOf('.') + 1);
    const name = last.replace('[x]', '');
    found.add(name);
    if (last !== name) for (const type of types) found.add(name + type.charAt(0).toUpperCase() + type.slice(1));
  }
  return found;
}
