import { getOwn } from '../../model/keyed.js';
import type { RecordError } from '../../errors/record-error.js';
import type { WriteOutcome } from '../connector.js';
import { withGiven } from './adopt.js';
import { sameContent } from './compare.js';
import { redigested } from './digest.js';
import { elementName, MARKED_AS_GONE } from './gave.js';
import { marked } from './marks.js';
import { refused, type Operation } from './operations.js';
import type { PlanContext } from './plan-context.js';
import { isAdopted, referenceTo, type StoredResource } from './resource.js';
import { shapeResource } from './shape.js';

/** Those that refer to others first; one that was taken over is only marked. */
export function removals(stored: StoredResource[], context: PlanContext): Operation[] {
  const text = new Map(stored.map((each) => [each, JSON.stringify(each)]));
  const refersTo = (a: StoredResource, b: StoredResource): boolean => (text.get(a) ?? '').includes(`"${referenceTo(b)}"`);
  const ordered = [...stored].sort((a, b) => (refersTo(a, b) ? -1 : refersTo(b, a) ? 1 : 0));
  return ordered.flatMap((each) =>
    isAdopted(each) ? markAsGone(each, context) : [{ method: 'DELETE' as const, type: each.resourceType, id: each.id, stored: each }],
  );
}

/** Marks what is stored, where it is not marked yet; nothing else of it changes. */
export function markOperation(stored: StoredResource, context: PlanContext): Operation[] {
  return marking(stored, new Set(), context);
}

/** The same where its record goes: a record that comes with its key may have that from now on. */
export function markAsGone(stored: StoredResource, context: PlanContext): Operation[] {
  return marking(stored, new Set([MARKED_AS_GONE]), context);
}

function marking(stored: StoredResource, codes: ReadonlySet<string>, { settings, base }: PlanContext): Operation[] {
  const whole = withGiven(marked(stored, settings.mark), codes);
  if (sameContent(stored, whole, base, [])) return [];
  const body = isAdopted(stored) ? withGiven(whole, changedElements(stored, whole)) : redigested(whole, { settings, base });
  return [{ method: 'PUT', type: stored.resourceType, id: stored.id, body, stored, marks: true, ...versionOf(stored) }];
}

/**
 * They are Sangam’s from now on: what stood there before comes back once the record is valid again.
 */
function changedElements(stored: StoredResource, whole: StoredResource): Set<string> {
  const names = [...new Set([...Object.keys(stored), ...Object.keys(whole)])].filter(
    (name) => name !== 'meta' && getOwn(stored, name) !== getOwn(whole, name),
  );
  return new Set(names.map((name) => elementName(stored.resourceType, name)));
}

/**
 * A mark is put on what the server has: whether it leaves the whole valid shows here. What was not
 * valid before, the server judges.
 */
export function whyNotMarked({ type, id, body, stored, marks }: Operation): { outcome: WriteOutcome } | undefined {
  const wrong = (given: unknown): RecordError | undefined => {
    const shaped = shapeResource(given, [type]);
    return shaped && 'error' in shaped ? shaped.error : undefined;
  };
  const error = marks && wrong(body);
  if (!error || wrong(stored)) return undefined;
  const { path, message } = error;
  return refused(
    'InvalidResource',
    `${type}/${id} cannot be marked. ${message.replace('The mapped resource', 'The marked resource')}`,
    'Give the type a mark that it can have (mark: of “to”), let it be removed or kept instead, or correct the resource in the destination.',
    path !== undefined ? { path } : {},
  );
}

/** The guard of a write: the version that must still be stored, where the server gives one. */
export function versionOf(stored: StoredResource | undefined): { version?: string } {
  const version = stored?.meta?.versionId;
  return version !== undefined ? { version } : {};
}
