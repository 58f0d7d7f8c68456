import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import { isPathSegment, pathSegment } from '../../http/path-segment.js';
import { isObject } from '../../model/is-object.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Context, Instant } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import { incidentOf, sickFailure } from './failure.js';
import { oddError } from './odd-row.js';
import { refusalOf } from './refusal.js';
import { isOdd, rowOf } from './rows.js';
import type { AvniSession } from './session.js';
import type { AvniKind } from './settings.js';
import { NAMES, written } from './write-fields.js';

export type Body = Record<string, unknown>;

/** A record as Avni has it, in the form in which it would be sent; dates as they are stored. */
export interface StoredRecord {
  id: string;
  externalId?: string;
  stamp: Instant;
  voided: boolean;
  /** Who changed it last, and who made it, by their names in Avni. */
  by?: string;
  madeBy?: string;
  /** Fields and groups of observations, as they would be sent. */
  body: Body;
  /** The row as it came. */
  row: Body;
}

/** The form that shows dates as they are stored, and so never fails on one. */
export const AS_STORED = '1';

/** Reads an answer as one record; undefined where it is none. */
export function readRecord(given: unknown, kind: AvniKind): StoredRecord | { odd: string } {
  const read = rowOf(given);
  if (isOdd(read)) return { odd: read.odd };
  const { id, stamp, voided, body: row } = read;
  // It is asked for, changed and voided by its id (Avni server, observed: none with a slash can
  // be).
  if (!isPathSegment(id) || /[/;]/.test(id)) return { odd: 'ID' };
  const externalId = getOwn(row, 'External ID');
  const audit = getOwn(row, 'audit') as Body;
  const [by, madeBy] = [audit['Last modified by'], audit['Created by']];
  return {
    ...{ id, stamp, voided, row, body: asSent(row, kind) },
    ...(typeof externalId === 'string' ? { externalId } : {}),
    ...(typeof by === 'string' ? { by } : {}),
    ...(typeof madeBy === 'string' ? { madeBy } : {}),
  };
}

/** Names go in beside the observations of a subject, and come out among them. */
function asSent(row: Body, kind: AvniKind): Body {
  const { fields, groups } = written[kind];
  const body: Body = {};
  for (const name of Object.keys(fields)) setOwn(body, name, getOwn(row, name) ?? undefined);
  for (const name of groups) {
    const group = getOwn(row, name);
    setOwn(body, name, isObject(group) ? group : {});
  }
  if (kind !== 'subject') return body;
  const observations = { ...(body['observations'] as Body) };
  for (const name of NAMES) {
    setOwn(body, name, getOwn(observations, name) ?? undefined);
    Reflect.deleteProperty(observations, name);
  }
  return { ...body, observations };
}

/**
 * The record that has this External ID, or this id.
 *
 * @param isHealthy whether the server is otherwise well: only then is a record not there
 * @throws SystemFailure, Cancelled
 */
export async function lookUpRecord(
  session: AvniSession,
  endpoint: Endpoint,
  kind: AvniKind,
  id: string,
  isHealthy: () => Promise<boolean>,
  c: Context,
): Promise<StoredRecord | RecordError | undefined> {
  const place = `Looking for one record in Avni`;
  const { answer, verdict } = await settle<HttpResponse>(
    () => session.get(`${endpoint.one}/${pathSegment(id)}`, { version: AS_STORED }, c),
    (response) => incidentOf(response, 'read one'),
    isHealthy,
  );
  if (verdict.kind === 'absent') return undefined;
  if (verdict.kind === 'record') return refusalOf(answer);
  if (verdict.kind !== 'done') throw await sickFailure(session, systemCodeOf(verdict), answer, place, c);
  const read = readRecord(parseJson(answer, z.unknown(), place), kind);
  return 'odd' in read ? oddError(kind, read.odd) : read;
}
