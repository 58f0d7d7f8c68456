import type { RecordError } from '../../errors/record-error.js';
import { pathSegment } from '../../http/path-segment.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Context } from '../connector.js';
import { addressIn, firstAddress, missingAddress, namesPlaceOf, placeOf } from './address-of.js';
import { checkDates } from './check-dates.js';
import { checkObservations } from './check-observations.js';
import { checkSubject } from './check-subject.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import type { Known } from './same-value.js';
import type { Lists } from './setup/forms.js';
import type { Missing } from './setup/metadata-answer.js';
import type { SetupView } from './setup/setup.js';
import type { SubjectType } from './setup/types.js';
import type { Body, StoredRecord } from './stored-record.js';
import { asStored, belongsTo, groupOf, isAsWanted, merged, ownsPlace } from './wanted-record.js';
import { PLACES, written } from './write-fields.js';
import { invalidField } from './record-errors.js';
import { patchOf, putOf } from './partial-write.js';
import type { Sending } from './sending.js';

export type RecordPlan = { error: RecordError } | { same: StoredRecord } | { sending: Sending; instead?: Sending };

export interface Planning {
  target: Target;
  externalId: string;
  stored: StoredRecord | undefined;
  view: SetupView;
  c: Context;
}

/**
 * What has to be sent so that Avni has this record: checked whole before, since what an Avni server
 * refuses it may have stored in part. @throws SystemFailure, Cancelled
 */
export async function planRecord(given: Body, planning: Planning): Promise<RecordPlan> {
  const { target, stored, view, c } = planning;
  const { groups } = written[target.kind];
  const others = stored && target.owns ? groups.map((name) => groupOf(stored.body, name)) : [];
  const observed = [...others, ...groups.map((name) => groupOf(given, name))];
  let concepts = await view.conceptsIn(observed, c);
  const lists = await view.lists(target, c);
  let checked = checkGroups(given, groups, concepts, lists);
  if ('error' in checked && checked.error.code === 'AnswerNotFound') {
    concepts = await view.answersAgain(observed, concepts, c);
    checked = checkGroups(given, groups, concepts, lists);
  }
  if ('error' in checked) return checked;
  const { wanted } = checked;
  const needsPlaces = [...concepts.values()].some((each) => typeof each === 'object' && each.dataType === 'Location');
  // What others put in is sent back as it is stored: which place it is has to be sure.
  const places = needsPlaces ? await (others.length > 0 ? view.locationsAgain(c) : view.locations(c)) : undefined;
  const known: Known = { concepts, ...(places ? { locations: places } : {}) };
  if (stored && !stored.voided && isAsWanted(wanted, stored, target, known)) return { same: stored };
  const whole = merged(wanted, stored, target);
  const error = target.kind === 'subject' ? undefined : checkDates(whole, target.kind);
  if (error) return { error };
  if (target.kind !== 'subject') return send(wanted, whole, undefined, known, planning);
  const type = subjectTypeOf(await view.types(c), target);
  const wrong = (await checkSubject(whole, type, stored, view, c)) ?? undefined;
  if (wrong) return { error: wrong };
  const address = await addressFor(wanted, type, planning);
  if (typeof address === 'object') return { error: address };
  return send(wanted, whole, address, known, planning);
}

function checkGroups(
  given: Body,
  groups: readonly string[],
  concepts: Known['concepts'],
  lists: Lists,
): { wanted: Body } | { error: RecordError } {
  const wanted: Body = { ...given };
  for (const name of groups) {
    const checked = checkObservations(groupOf(given, name), concepts, name, lists);
    if ('error' in checked) return checked;
    setOwn(wanted, name, checked.value);
  }
  return { wanted };
}

function subjectTypeOf(types: { subjectTypes: SubjectType[] } | Missing, { type }: Target): SubjectType | undefined {
  return typeof types === 'object' ? types.subjectTypes.find(({ name }) => name === type) : undefined;
}

/** The address to be sent; undefined where none is. */
async function addressFor(wanted: Body, type: SubjectType | undefined, planning: Planning): Promise<string | RecordError | undefined> {
  const { target, stored, view, c } = planning;
  if (stored && !ownsPlace(target)) return undefined;
  const there = stored && addressIn(stored.row);
  const names = PLACES.filter((name) => getOwn(wanted, name) !== undefined);
  if (names.length === 0) {
    if (!there && type?.mayLackAddress === false) return missingAddress();
    // One that is there already stays: without it, it would be taken away.
    return target.owns ? undefined : there;
  }
  if (stored && there !== undefined && namesPlaceOf(wanted, stored.row)) return target.owns ? undefined : there;
  const place = await placeOf(wanted, type, view, c);
  if (place && 'code' in place) return place;
  if (stored && there === undefined) return firstAddress();
  return place?.lineage;
}

function send(wanted: Body, whole: Body, address: string | undefined, known: Known, planning: Planning): RecordPlan {
  const { target, externalId, stored } = planning;
  const { kind, type } = target;
  const shows = (record: StoredRecord): boolean => !record.voided && isAsWanted(wanted, record, target, known);
  if (stored && target.owns) {
    const shared = { wanted, address, stored, target, known, shows };
    const put = (): Sending | RecordError => putOf(shared);
    if (kind === 'enrolment' || kind === 'programEncounter') {
      const sending = put();
      return 'code' in sending ? { error: sending } : { sending };
    }
    const patch = patchOf(shared);
    if ('code' in patch) return { error: patch };
    const instead = kind === 'encounter' ? put() : undefined;
    return { sending: patch, ...(instead && !('code' in instead) ? { instead } : {}) };
  }
  const body: Body = { [endpoints[kind].field]: type, Voided: false };
  for (const [name, value] of Object.entries(whole)) if (!PLACES.includes(name)) setOwn(body, name, value);
  for (const name of written[kind].groups) setOwn(body, name, asStored(groupOf(whole, name), groupOf(stored?.body ?? {}, name), known));
  if (address !== undefined) body['Address'] = address;
  const { one } = endpoints[kind];
  if (!stored || stored.externalId === externalId)
    return { sending: { method: 'POST', path: one, body: { 'External ID': externalId, ...body }, shows } };
  if (!belongsTo(wanted, stored, target))
    return { error: invalidField(written[kind].parents[0] ?? '', 'is another one than Avni has, and cannot be changed there') };
  return { sending: { method: 'PUT', path: `${one}/${pathSegment(stored.id)}`, body, shows } };
}
