import { ExactNumber, isNumber } from '../../json/exact-number.js';
import type { RecordError } from '../../errors/record-error.js';
import { pathSegment } from '../../http/path-segment.js';
import { isObject } from '../../model/is-object.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { invalidField } from './record-errors.js';
import type { Sending } from './sending.js';
import { sameObservation, type Known } from './same-value.js';
import type { Concept } from './setup/concepts.js';
import type { Missing } from './setup/metadata-answer.js';
import type { Body, StoredRecord } from './stored-record.js';
import { asStored, differingFields, groupOf, merged, ownedNames } from './wanted-record.js';
import { written } from './write-fields.js';

/** A record that Sangam shares with others: what it is to be, and what is there. */
interface Shared {
  wanted: Body;
  /** Absent: none is sent. */
  address: string | undefined;
  stored: StoredRecord;
  target: Target;
  known: Known;
  shows: Sending['shows'];
}

/**
 * A PATCH of what Sangam owns and what differs: the server merges, and nothing else of the record
 * is touched.
 */
export function patchOf({ wanted, address, stored, target, known, shows }: Shared): Sending | RecordError {
  const { kind } = target;
  const { fields, groups } = written[kind];
  const body: Body = {};
  for (const name of differingFields(wanted, stored, target)) {
    const value = getOwn(wanted, name);
    // Avni server, observed: it fails on a null there.
    if (
      value === undefined &&
      ['Date of birth', 'Subject location', 'Registration Coordinates', 'Encounter Coordinates', 'Cancel location'].includes(name)
    )
      return invalidField(name, 'is in Avni and not in the record, and cannot be taken away there where the record is shared');
    setOwn(body, name, getOwn(fields, name) === 'point' ? decimals(value) : (value ?? null));
  }
  for (const name of groups) {
    const [a, b] = [groupOf(wanted, name), groupOf(stored.body, name)];
    const changed = ownedNames(a, b, target).filter(
      (each) => !sameObservation(known.concepts.get(each), getOwn(a, each), getOwn(b, each), known),
    );
    if (changed.length > 0) setOwn(body, name, Object.fromEntries(changed.map((each) => [each, getOwn(a, each) ?? null])));
  }
  if (address !== undefined) body['Address'] = address;
  if (stored.voided) body['Voided'] = false;
  return { method: 'PATCH', path: `${endpoints[kind].one}/${pathSegment(stored.id)}`, body, shows };
}

/**
 * Avni server, observed: a PATCH wants other names there, and fails on a number without decimals.
 */
function decimals(value: unknown): unknown {
  if (!isObject(value)) return null;
  const decimal = (number: unknown): unknown => {
    const text = isNumber(number) ? (typeof number === 'number' ? String(number) : number.text) : '';
    return /^-?\d+$/.test(text) ? new ExactNumber(`${text}.0`) : number;
  };
  return { X: decimal(value['x']), Y: decimal(value['y']) };
}

/**
 * The whole record, with what others own as it is there; for records that Avni does not merge
 * itself.
 */
export function putOf({ wanted, address, stored, target, known, shows }: Shared): Sending | RecordError {
  const { kind, type } = target;
  const whole = merged(wanted, stored, target);
  const body: Body = { [endpoints[kind].field]: type, Voided: false };
  for (const [name, value] of Object.entries(whole)) setOwn(body, name, value);
  for (const name of written[kind].groups) {
    const there = groupOf(stored.body, name);
    const others = sentBack(Object.fromEntries(Object.entries(there).filter(([each]) => !target.owns?.has(each))), known);
    if (!others) return cannotKeep(name);
    setOwn(body, name, { ...others, ...asStored(groupOf(wanted, name), there, known) });
  }
  if (address !== undefined) body['Address'] = address;
  return { method: 'PUT', path: `${endpoints[kind].one}/${pathSegment(stored.id)}`, body, shows, guarded: true };
}

/**
 * Observations as they are stored, by how they are shown; undefined where that does not show: a
 * place is shown by its titles, and stored by its id.
 */
function sentBack(shown: Body, known: Known): Body | undefined {
  const body: Body = {};
  for (const [name, value] of Object.entries(shown)) {
    const back = valueSentBack(known.concepts.get(name), value, known);
    if (back === undefined) return undefined;
    setOwn(body, name, back);
  }
  return body;
}

function valueSentBack(concept: Concept | Missing | undefined, value: unknown, known: Known): unknown {
  if (typeof value !== 'object' || value === null || isNumber(value)) return value;
  const type = typeof concept === 'object' ? concept.dataType : undefined;
  if (type === 'QuestionGroup') {
    const items = (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) =>
      isObject(each) ? sentBack(each, known) : undefined,
    );
    if (items.includes(undefined)) return undefined;
    return Array.isArray(value) ? items : items[0];
  }
  if (type === 'Location') {
    const levels = new Map(Object.entries(value).map(([level, title]) => [level, String(title)]));
    const [place, another] = known.locations?.on(levels) ?? [];
    return another ? undefined : place?.id;
  }
  // A list of texts, or a telephone number, is shown as it is stored.
  return Array.isArray(value) || type !== undefined ? value : undefined;
}

function cannotKeep(path: string): RecordError {
  return {
    code: 'CannotKeepOthers',
    message: `Avni replaces such a record whole, and shows an observation of others under ${path} in another form than it stores it in: it would be damaged.`,
    remedy: 'Let this type write a record of its own, or let Sangam own that group or place too.',
    path,
  };
}
