import type { InternalTypeSchema } from '@medplum/core';
import { getOwn } from '../../../model/keyed.js';

type Json = Record<string, unknown>;

const has = (value: Json, name: string): boolean => getOwn(value, name) !== undefined;
const hasChoice = (value: Json, name: string): boolean => Object.keys(value).some((key) => key.startsWith(name));

/**
 * Invariants of R4 by their FHIRPath, each with what surely makes it true; the validator’s own
 * evaluation takes most of its time.
 */
const SURELY: Readonly<Record<string, (value: Json) => boolean>> = {
  'contained.contained.empty()': (value) => !has(value, 'contained'),
  'contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()': (value) => !has(value, 'contained'),
  'contained.meta.security.empty()': (value) => !has(value, 'contained'),
  "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))": ({ reference }) =>
    reference === undefined || (typeof reference === 'string' && !reference.startsWith('#')),
  'start.hasValue().not() or end.hasValue().not() or (start <= end)': ({ start, end }) => start === undefined || end === undefined,
  'code.empty() or system.exists()': (value) => !has(value, 'code') || has(value, 'system'),
  'data.empty() or contentType.exists()': (value) => !has(value, 'data') || has(value, 'contentType'),
  'value.empty() or system.exists()': (value) => !has(value, 'value') || has(value, 'system'),
  'name.exists() or telecom.exists() or address.exists() or organization.exists()': (value) =>
    ['name', 'telecom', 'address', 'organization'].some((name) => has(value, name)),
  'low.exists() or high.exists() or text.exists()': (value) => ['low', 'high', 'text'].some((name) => has(value, name)),
  'dataAbsentReason.empty() or value.empty()': (value) => !has(value, 'dataAbsentReason') || !hasChoice(value, 'value'),
  'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()': (value) =>
    !has(value, 'component') || !hasChoice(value, 'value'),
};

/** As Medplum’s validator: what it does not look at. */
const PASSED_OVER = new Set(['ele-1', 'dom-3', 'org-1', 'sdf-19']);

/** Whether invariants of a value surely hold; `false` also where they are not known here. */
export function holdsSurely(constraints: InternalTypeSchema['constraints'], value: unknown): boolean {
  for (const { key, severity, expression } of constraints ?? []) {
    if (severity !== 'error' || PASSED_OVER.has(key)) continue;
    if (typeof value !== 'object' || value === null || getOwn(SURELY, expression)?.(value as Json) !== true) return false;
  }
  return true;
}
