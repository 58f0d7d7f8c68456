import { getOwn } from '../../model/keyed.js';
import type { ElementChange, PlannedChange } from '../connector.js';
import { elementChanges } from '../element-changes.js';
import { same, sameField } from './same-value.js';
import type { Sending } from './sending.js';
import type { Body, StoredRecord } from './stored-record.js';
import { groupOf } from './wanted-record.js';
import { written, type WriteKind } from './write-fields.js';

/** What a request to Avni would change, for a person. */
export function plannedChange(
  kind: WriteKind,
  { method, body }: Pick<Sending, 'method' | 'body'>,
  stored: Pick<StoredRecord, 'id' | 'body' | 'voided'> | undefined,
): PlannedChange {
  const known = stored ? { id: stored.id } : {};
  if (method === 'DELETE' || !body) return { what: 'remove', type: kind, ...known, elements: [] };
  if (!stored) return { what: 'create', type: kind, body, elements: [] };
  return { what: 'update', type: kind, ...known, body, elements: changedIn(kind, body, stored, method === 'PATCH') };
}

/** `isPartial`: what is not sent stays. */
function changedIn(kind: WriteKind, body: Body, stored: Pick<StoredRecord, 'body' | 'voided'>, isPartial: boolean): ElementChange[] {
  const { fields, groups } = written[kind];
  const names = Object.keys(fields).filter((name) => Object.hasOwn(body, name));
  const changed = names.flatMap((name) => {
    const form = getOwn(fields, name) ?? 'text';
    return elementChanges(getOwn(stored.body, name), present(getOwn(body, name)), (a, b) => sameField(form, b, a), name);
  });
  const observed = groups.flatMap((name) => {
    const [there, given] = [groupOf(stored.body, name), groupOf(body, name)];
    const all = isPartial ? Object.keys(given) : [...new Set([...Object.keys(there), ...Object.keys(given)])];
    return all.flatMap((each) =>
      elementChanges(getOwn(there, each), present(getOwn(given, each)), (a, b) => same(b, a), `${name}.${each}`),
    );
  });
  const voided = body['Voided'] === false && stored.voided ? [{ path: 'Voided', from: true, to: false }] : [];
  return [...voided, ...changed, ...observed];
}

/** A PATCH takes away what it gives as null. */
function present(value: unknown): unknown {
  return value === null ? undefined : value;
}
