import { isDeepStrictEqual } from 'node:util';
import { constraint, Refusal } from './answers.js';
import { externalId, flag } from './fields.js';
import type { AvniKind, Body, StoredRecord } from './record.js';
import type { RequestContext } from './request-context.js';
import { getOwn, setOwn } from '../../model/keyed.js';

/** A write as it has been read: what would be stored, and what is wrong with it. */
export interface Draft {
  type: string;
  body: Body;
  /**
   * Found only after the stored record was changed: 400, but an update has been written by then.
   */
  invalid?: string | undefined;
  /** Found by the database, which writes nothing: 409. */
  violates?: string | undefined;
}

export type Method = 'POST' | 'PUT' | 'PATCH';

export interface Write extends RequestContext {
  method: Method;
  given: Body;
  existing: StoredRecord | undefined;
}

/** Stores a draft. Content that is stored already leaves the stamp where it is. @throws Refusal */
export function save(kind: AvniKind, draft: Draft, write: Write): { record: StoredRecord; moved: boolean } {
  const { organisation, given, existing, method, user } = write;
  const own = externalId(given['External ID']) ?? existing?.body['External ID'] ?? null;
  const body = { ...draft.body, 'External ID': own };
  const voided = method === 'PATCH' && !('Voided' in given) ? (existing?.voided ?? false) : flag(given['Voided']);
  const other = typeof own === 'string' ? organisation.holderOf(kind, own) : undefined;
  if (other && other.id !== existing?.id) throw constraint('duplicate key value violates unique constraint');
  if (draft.violates !== undefined) throw constraint(draft.violates);
  if (!existing) {
    if (draft.invalid !== undefined) throw new Refusal({ status: 400, text: draft.invalid });
    return { record: organisation.add(kind, draft.type, body, { voided, by: user.username }), moved: true };
  }
  const same =
    isDeepStrictEqual(withoutNulls(body), withoutNulls(existing.body)) && voided === existing.voided && draft.type === existing.type;
  // A key that is no longer there must go from the stored body too.
  const gone = Object.fromEntries(Object.keys(existing.body).map((name) => [name, undefined]));
  const changes = { body: { ...gone, ...body }, voided, type: draft.type, by: user.username };
  const record = same ? existing : organisation.change(existing.id, changes);
  if (draft.invalid !== undefined) throw new Refusal({ status: 400, text: draft.invalid });
  return { record, moved: !same };
}

function withoutNulls(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

/** The stored body with the fields of the request: all of them, or those that a PATCH names. */
export function withFields(
  base: Body,
  given: Body,
  fields: Readonly<Record<string, (value: unknown) => unknown>>,
  onlyGiven: boolean,
): Body {
  const body = { ...base };
  for (const [name, read] of Object.entries(fields))
    if (!onlyGiven || Object.hasOwn(given, name)) setOwn(body, name, read(getOwn(given, name)));
  return body;
}
