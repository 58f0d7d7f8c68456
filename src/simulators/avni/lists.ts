import type { SimulatedResponse } from '../server.js';
import { packed, Refusal } from './answers.js';
import { conceptFilter } from './concept-filter.js';
import { envelope } from './envelope.js';
import { locationFilter } from './locations.js';
import type { Selection } from './organisation.js';
import { instantOf, orderOf, pageOf } from './parameters.js';
import { mayDo } from './privileges.js';
import type { RequestContext } from './request-context.js';
import { rowOf } from './rows.js';
import { getOwn } from '../../model/keyed.js';

const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER - 1 };

/** What each list makes of its parameters. */
const LISTS: Readonly<Record<string, (c: RequestContext) => Selection>> = {
  '/api/subjects': subjects,
  '/api/encounters': encounters,
  '/api/programEnrolments': enrolments,
  '/api/programEncounters': programEncounters,
};

/** One page of a list of records; `undefined` for a path that is none. @throws Refusal */
export function answerList(c: RequestContext): SimulatedResponse | undefined {
  const select = getOwn(LISTS, c.request.path);
  if (!select) return undefined;
  const selection = select(c);
  const { page, size } = pageOf(c.request);
  const { rows, total } = c.organisation.select(selection, page * size, size);
  mayDo('view', rows, c.user, c.organisation.metadata);
  const withType = selection.kind !== 'subject' || selection.type === undefined;
  const content = rows.map((record) => rowOf(record, c.organisation, { version: c.version, withType }));
  return packed(c.request, envelope(content, total, size));
}

/** Both ends excluded, and only where there is a lower one. */
function exclusive({ request, organisation, settings }: RequestContext): { from: number; to: number } | undefined {
  const after = instantOf(request, 'lastModifiedDateTime');
  const until = instantOf(request, 'now') ?? organisation.now() - settings.margin + (settings.margin === 0 ? 1 : 0);
  return after === undefined ? undefined : { from: after + 1, to: until - 1 };
}

function subjects(c: RequestContext): Selection {
  const { query } = c.request;
  const window = exclusive(c);
  const concepts = conceptFilter(query.get('concepts'), c.organisation.metadata, true);
  const locations = locationFilter(query.get('locationIds'), c.organisation.metadata);
  const where =
    concepts && locations ? (each: Parameters<typeof concepts>[0]) => concepts(each) && locations(each) : (concepts ?? locations);
  const order = orderOf(c.request) ?? (window ? 'server' : 'none');
  return { kind: 'subject', type: query.get('subjectType') || undefined, ...(window ?? EVER), where, order };
}

/**
 * Where concepts are asked for the bounds are included, and numbers never match. A subject counts
 * only with a type, or with concepts.
 */
function encounters(c: RequestContext): Selection {
  const { query } = c.request;
  const window = exclusive(c);
  const type = query.get('encounterType') || undefined;
  const subject = query.get('subjectId');
  const concepts = conceptFilter(query.get('concepts'), c.organisation.metadata, false);
  const of = subject !== null && (type !== undefined || concepts) ? subject : undefined;
  const where =
    concepts || of !== undefined
      ? (each: { body: Record<string, unknown> } & Parameters<NonNullable<typeof concepts>>[0]) =>
          (concepts?.(each) ?? true) && (of === undefined || each.body['Subject ID'] === of)
      : undefined;
  if (concepts) return { kind: 'encounter', type, ...(window ? { from: window.from - 1, to: window.to + 1 } : EVER), where };
  return { kind: 'encounter', type, ...(window ?? EVER), where, order: orderOf(c.request) ?? (window ? 'server' : 'none') };
}

/**
 * With program and subject the time is ignored; without a program the subject is; everything else
 * is refused.
 */
function enrolments(c: RequestContext): Selection {
  const { query } = c.request;
  const window = exclusive(c);
  const program = query.get('program') || undefined;
  const subject = query.get('subject') || undefined;
  if (program !== undefined && subject !== undefined)
    return { kind: 'enrolment', type: program, ...EVER, where: ({ body }) => body['Subject ID'] === subject };
  if (!window) throw new Refusal({ status: 400 });
  return { kind: 'enrolment', type: program, ...window };
}

/**
 * A type or enrolment that is not known is no filter at all; without a lower bound the upper one is
 * ignored.
 */
function programEncounters(c: RequestContext): Selection {
  const { organisation, request } = c;
  const { query } = request;
  const asked = query.get('encounterType') || undefined;
  const isKnown =
    asked !== undefined &&
    (organisation.metadata.encounterTypes.some(({ name }) => name === asked) || organisation.has('programEncounter', asked));
  const enrolment = query.get('programEnrolmentId') ?? '';
  const concepts = conceptFilter(query.get('concepts'), organisation.metadata, true);
  const isOf = organisation.get(enrolment)?.kind === 'enrolment';
  const where =
    concepts || isOf
      ? (each: Parameters<NonNullable<typeof concepts>>[0]) =>
          (concepts?.(each) ?? true) && (!isOf || each.body['Enrolment ID'] === enrolment)
      : undefined;
  const order = orderOf(request) ?? 'server';
  return { kind: 'programEncounter', type: isKnown ? asked : undefined, ...(exclusive(c) ?? EVER), where, order };
}
