import type { InternalSchemaElement } from '@medplum/core';
import { getOwn } from '../../../model/keyed.js';
import { isResourceType } from './structures.js';

type Json = Record<string, unknown>;

const RELATIVE = /^([A-Z][A-Za-z]{0,63})(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$|\?)/;
const ABSOLUTE = /^https?:.*\/([A-Z][A-Za-z]{0,63})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

const targets = new WeakMap<InternalSchemaElement, ReadonlySet<string> | undefined>();

/**
 * What is wrong with a reference: it leads to a type that the element does not take, or to a
 * contained resource that is not there (ref-1). One that does not show its type, such as a URN, is
 * taken.
 *
 * @param contained ids of the resources that the whole one contains
 */
export function referenceProblem(
  { reference, type }: Json,
  element: InternalSchemaElement,
  contained: ReadonlySet<string>,
): string | undefined {
  if (typeof reference === 'string' && /^#./s.test(reference))
    return contained.has(reference.slice(1)) ? undefined : 'it refers to a contained resource that is not there (rule ref-1)';
  const allowed = targetsOf(element);
  if (!allowed) return undefined;
  const isOther = [typeIn(reference), typeof type === 'string' && isResourceType(type) ? type : undefined].some(
    (each) => each !== undefined && !allowed.has(each),
  );
  return isOther ? `it refers to another type than ${[...allowed].join(', ')}` : undefined;
}

/** Ids of what a resource contains, whatever stands there. */
export function containedIds(contained: unknown): ReadonlySet<string> {
  const list: unknown[] = Array.isArray(contained) ? contained : [contained];
  const ids = list.map((each) => (typeof each === 'object' && each !== null ? getOwn(each as Json, 'id') : undefined));
  return new Set(ids.filter((id) => typeof id === 'string'));
}

function typeIn(reference: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined;
  const [, relative] = RELATIVE.exec(reference) ?? [];
  if (relative !== undefined) return relative;
  const [, absolute] = ABSOLUTE.exec(reference) ?? [];
  return absolute !== undefined && isResourceType(absolute) ? absolute : undefined;
}

/** Undefined where it takes any. */
function targetsOf(element: InternalSchemaElement): ReadonlySet<string> | undefined {
  if (!targets.has(element)) targets.set(element, readTargets(element));
  return targets.get(element);
}

function readTargets({ type: types }: InternalSchemaElement): ReadonlySet<string> | undefined {
  const [first, ...others] = types.filter(({ code }) => code === 'Reference');
  const names = (first?.targetProfile ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1));
  return others.length > 0 || names.length === 0 || !names.every(isResourceType) ? undefined : new Set(names);
}
