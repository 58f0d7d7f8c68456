import { isObject } from '../../model/is-object.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Target } from './destination-settings.js';
import { namesPlaceOf } from './address-of.js';
import { sameField, sameObservation, sameObservations, type Known } from './same-value.js';
import type { Body, StoredRecord } from './stored-record.js';
import { PLACES, written } from './write-fields.js';

/**
 * Names of observations in a group that Sangam gives, or took away: of those that it owns, what is
 * there too.
 */
export function ownedNames(group: object, stored: object, { owns }: Target): string[] {
  return [...new Set([...Object.keys(group), ...Object.keys(stored)])].filter((name) => owns?.has(name) ?? true);
}

/** Fields beside parents and places that Sangam decides on. */
function ownedFields({ kind, owns }: Target): string[] {
  const { fields, parents } = written[kind];
  return Object.keys(fields).filter((name) => !parents.includes(name) && !PLACES.includes(name) && (owns?.has(name) ?? true));
}

/** Whether a record gives where its subject lives, and Sangam decides on that. */
export function ownsPlace({ kind, owns }: Target): boolean {
  return kind === 'subject' && (!owns || PLACES.some((name) => owns.has(name)));
}

/** Whether what Avni has is what Sangam would have it be, as far as it owns the record. */
export function isAsWanted(wanted: Body, stored: StoredRecord, target: Target, known: Known): boolean {
  return (
    differingFields(wanted, stored, target).length === 0 &&
    isAtPlace(wanted, stored, target) &&
    (target.owns !== undefined || belongsTo(wanted, stored, target)) &&
    written[target.kind].groups.every((name) => {
      const [a, b] = [groupOf(wanted, name), groupOf(stored.body, name)];
      if (!target.owns) return sameObservations(a, b, known);
      return ownedNames(a, b, target).every((each) => sameObservation(known.concepts.get(each), getOwn(a, each), getOwn(b, each), known));
    })
  );
}

/**
 * Fields whose values differ. A picture is shown under an address that lives for minutes: there
 * counts alone whether there is one.
 */
export function differingFields(wanted: Body, { body }: StoredRecord, target: Target): string[] {
  const { fields } = written[target.kind];
  return ownedFields(target).filter((name) => {
    const [a, b] = [getOwn(wanted, name), getOwn(body, name)];
    if (name === 'Profile picture') return (a === undefined) !== (b === undefined);
    return !sameField(getOwn(fields, name) ?? 'text', a, b);
  });
}

/** An address that is there already stays where the mapping gives none. */
function isAtPlace(wanted: Body, { row }: StoredRecord, target: Target): boolean {
  if (!ownsPlace(target) || PLACES.every((name) => getOwn(wanted, name) === undefined)) return true;
  return namesPlaceOf(wanted, row);
}

/** Whether it belongs to the record that it names, by Avni's id or by its External ID. */
export function belongsTo(wanted: Body, { row }: StoredRecord, { kind }: Target): boolean {
  const [byId, byExternalId] = written[kind].parents;
  if (byId === undefined || byExternalId === undefined) return true;
  const [id, externalId] = [getOwn(row, byId), getOwn(row, byExternalId)];
  const [wantedId, wantedExternalId] = [getOwn(wanted, byId), getOwn(wanted, byExternalId)];
  return wantedId !== undefined ? wantedId === id || wantedId === externalId : wantedExternalId === externalId;
}

/** What would stand in Avni: of a record that is shared, others' fields as they are there. */
export function merged(wanted: Body, stored: StoredRecord | undefined, target: Target): Body {
  const { kind, owns } = target;
  if (!stored || !owns) return wanted;
  const { fields, groups, parents } = written[kind];
  const body: Body = {};
  for (const name of Object.keys(fields))
    if (!parents.includes(name)) setOwn(body, name, getOwn(owns.has(name) ? wanted : stored.body, name));
  for (const name of parents) setOwn(body, name, getOwn(stored.row, name) ?? undefined);
  for (const name of groups) {
    const [given, there] = [groupOf(wanted, name), groupOf(stored.body, name)];
    const kept = Object.fromEntries(Object.entries(there).filter(([each]) => !owns.has(each)));
    setOwn(body, name, { ...kept, ...given });
  }
  return body;
}

export function groupOf(body: Body, name: string): Body {
  const group = getOwn(body, name);
  return isObject(group) ? group : {};
}

/**
 * Observations in the form in which they are stored, where they are the same: pictures are not
 * copied again, nor a number verified again.
 */
export function asStored(wanted: Body, stored: Body, known: Known): Body {
  const kept: Body = {};
  for (const [name, value] of Object.entries(wanted)) {
    const concept = known.concepts.get(name);
    const there = getOwn(stored, name);
    const type = typeof concept === 'object' ? concept.dataType : undefined;
    // A place is not shown as it is stored.
    if (type === 'Location' || !sameObservation(concept, value, there, known)) setOwn(kept, name, value);
    else setOwn(kept, name, type === 'QuestionGroup' ? groupAsStored(value, there, known) : there);
  }
  return kept;
}

function groupAsStored(wanted: unknown, stored: unknown, known: Known): unknown {
  if (Array.isArray(wanted) && Array.isArray(stored))
    return wanted.map((each, index) =>
      isObject(each) && isObject(stored[index]) ? asStored(each, stored[index], known) : (each as unknown),
    );
  return isObject(wanted) && isObject(stored) ? asStored(wanted, stored, known) : wanted;
}
