import type { SimulatedResponse } from '../server.js';
import { packed, Refusal } from './answers.js';
import { envelope } from './envelope.js';
import type { Selection } from './organisation.js';
import { instantOf, pageOf } from './parameters.js';
import type { StoredRecord } from './record.js';
import type { RequestContext } from './request-context.js';
import { rowOf } from './rows.js';

/** `GET /api/groupSubjects`; `undefined` for another path. @throws Refusal */
export function answerGroupSubjects(c: RequestContext): SimulatedResponse | undefined {
  const { request, organisation } = c;
  if (request.path !== '/api/groupSubjects') return undefined;
  const { page, size } = pageOf(request);
  const { rows, total } = organisation.select(selectionOf(c), page * size, size);
  return packed(
    request,
    envelope(
      rows.map((row) => membershipRow(row, c)),
      total,
      size,
    ),
  );
}

/**
 * Both bounds included; with a time neither subject counts, and a group comes before a member. None
 * of the three is refused.
 */
function selectionOf({ request, organisation, settings }: RequestContext): Selection {
  const { query } = request;
  const from = instantOf(request, 'lastModifiedDateTime');
  const to = instantOf(request, 'now') ?? organisation.now() - settings.margin;
  if (from !== undefined) return { kind: 'groupSubject', from, to };
  const [group, member] = [query.get('groupSubjectId'), query.get('memberSubjectId')];
  if (group === null && member === null) throw new Refusal({ status: 400 });
  const where = ({ body }: StoredRecord): boolean => (group !== null ? body['Group ID'] === group : body['Member ID'] === member);
  return { kind: 'groupSubject', from: 0, to: Number.MAX_SAFE_INTEGER - 1, where };
}

/** It has no ID of its own. */
function membershipRow(record: StoredRecord, { organisation, version }: RequestContext): object {
  const { body } = record;
  const subject = (id: unknown): unknown => {
    const found = organisation.get(String(id));
    return found ? rowOf(found, organisation, { version, withGroups: false }) : null;
  };
  const { audit, Voided } = rowOf(record, organisation, { version }) as { audit: object; Voided: boolean };
  return {
    'Group subject': subject(body['Group ID']),
    'Member subject': subject(body['Member ID']),
    Voided,
    'Membership start date': body['Membership start date'] ?? null,
    'Membership end date': body['Membership end date'] ?? null,
    Role: body['Role'] ?? null,
    audit,
  };
}
