import { ExactNumber, isNumber } from '../../json/exact-number.js';
import { isCarriedAsText } from '../../json/json.js';
import type { RecordError } from '../../errors/record-error.js';
import { isNumberText } from '../../json/exact-number.js';
import { isObject } from '../../model/is-object.js';
import { setOwn } from '../../model/keyed.js';
import { invalidField, wouldSay } from './record-errors.js';
import { isMedia } from './same-value.js';
import type { Lists } from './setup/forms.js';
import type { Concept } from './setup/concepts.js';
import type { Missing } from './setup/metadata-answer.js';
import { isDateTime } from './shape-record.js';

type Concepts = ReadonlyMap<string, Concept | Missing>;
type Checked<T> = { value: T } | { error: RecordError };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const DURATION = /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?)?$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** As it is dialled: a country by its `+`, and no signs between the digits. */
const PHONE = /^\+?\d{6,15}$/;

/**
 * Observations as Avni's phones expect them, each checked against its concept. An Avni server
 * itself stores nearly anything, and what it refuses may leave a damaged record behind.
 */
export function checkObservations(
  given: object,
  concepts: Concepts,
  path: string,
  lists: Lists = new Map(),
): Checked<Record<string, unknown>> {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const concept = concepts.get(name);
    const result =
      concept === 'unknown'
        ? { error: unknownConcept(name, path) }
        : checkForm(concept, value, { name, path: `${path}.${name}` }, concepts, lists);
    if ('error' in result) return result;
    setOwn(checked, name, result.value);
  }
  return { value: checked };
}

/**
 * Phones expect a list where their form takes several values, also of one, and no list elsewhere.
 */
function checkForm(
  concept: Concept | Missing | undefined,
  value: unknown,
  { name, path }: { name: string; path: string },
  concepts: Concepts,
  lists: Lists,
): Checked<unknown> {
  const isList = lists.get(name);
  if (isList === true && !Array.isArray(value)) return check(concept, [value], path, concepts, lists);
  if (isList !== false || !Array.isArray(value)) return check(concept, value, path, concepts, lists);
  if (value.length > 1) return { error: invalidField(path, 'has several values, of which the form in Avni takes one') };
  return check(concept, value[0], path, concepts, lists);
}

function check(concept: Concept | Missing | undefined, value: unknown, path: string, concepts: Concepts, lists: Lists): Checked<unknown> {
  // What may not be read cannot be checked; the server refuses an unknown name without having
  // written.
  if (typeof concept !== 'object') return { value };
  const { dataType } = concept;
  if (dataType === 'QuestionGroup') return group(value, path, concepts, lists);
  if (dataType === 'Coded') return coded(concept, value, path);
  if (dataType === 'Numeric') return numeric(concept, value, path);
  if (dataType === 'PhoneNumber') return phone(value, path);
  if (dataType === 'NA') return { error: invalidField(path, 'is an answer, not a question') };
  const wrong = isMedia(concept) ? ofEach(value, isAddress, 'is no address of http or https') : whyNot(dataType, value);
  return wrong === undefined ? { value } : { error: invalidField(path, wrong) };
}

function whyNot(dataType: string, value: unknown): string | undefined {
  const isText = (each: unknown): each is string => typeof each === 'string';
  switch (dataType) {
    case 'Date':
      return isText(value) && DAY.test(value) && isDateTime(`${value}T00:00Z`) ? undefined : 'is no day of the form yyyy-MM-dd';
    case 'DateTime':
      return isText(value) && isDateTime(value) ? undefined : 'is no ISO date-time with its zone';
    case 'Time':
      return isText(value) && TIME.test(value) ? undefined : 'is no time of day of the form HH:mm';
    case 'Duration':
      return isText(value) && DURATION.test(value) ? undefined : 'is no ISO duration, e.g. P2M';
    case 'Subject':
    case 'Encounter':
    case 'GroupAffiliation':
      return ofEach(value, (each) => isText(each) && UUID.test(each), 'is no id of Avni');
    case 'Location':
      return isText(value) && UUID.test(value) ? undefined : 'is no id of a location of Avni';
    default:
      return isText(value) ? undefined : 'is no text';
  }
}

/** One value, or a list of them. */
function ofEach(value: unknown, fits: (each: unknown) => boolean, why: string): string | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.every(fits) ? undefined : why;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function group(value: unknown, path: string, concepts: Concepts, lists: Lists): Checked<unknown> {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const checked: unknown[] = [];
  for (const item of items) {
    if (!isObject(item)) return { error: invalidField(path, 'is no group of observations, nor a list of such groups') };
    const result = checkObservations(item, concepts, path, lists);
    if ('error' in result) return result;
    checked.push(result.value);
  }
  return { value: Array.isArray(value) ? checked : checked[0] };
}

function coded({ answers }: Concept, value: unknown, path: string): Checked<unknown> {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  const strange = given.find((each) => typeof each !== 'string' || !answers.has(each));
  if (strange === undefined)
    return new Set(given).size === given.length ? { value } : { error: invalidField(path, 'names an answer twice') };
  return {
    error: wouldSay(
      'AnswerNotFound',
      `Answer concept with name=${String(strange)} not found`,
      `Avni’s concept at ${path} has no such answer.`,
      'Add the answer to the coded concept in Avni, or correct the code table.',
      path,
    ),
  };
}

/** A number of more digits than expressions can carry came as their text. */
function numeric({ low, high }: Concept, value: unknown, path: string): Checked<unknown> {
  const number = typeof value === 'string' && isNumberText(value) && isCarriedAsText(value) ? new ExactNumber(value) : value;
  if (!isNumber(number)) return { error: invalidField(path, 'is no number') };
  const size = typeof number === 'number' ? number : Number(number.text);
  if ((low !== undefined && size < low) || (high !== undefined && size > high))
    return { error: invalidField(path, `is not within ${low ?? '…'} to ${high ?? '…'}, the bounds of its concept`) };
  return { value: number };
}

/** Phones keep beside a number whether it was verified. */
function phone(value: unknown, path: string): Checked<unknown> {
  const given = isObject(value) ? value : { phoneNumber: value, verified: false };
  const { phoneNumber } = given;
  if (typeof phoneNumber !== 'string' || !PHONE.test(phoneNumber))
    return { error: invalidField(path, 'is no telephone number of digits alone, with + before a country') };
  return { value: given };
}

function unknownConcept(name: string, path: string): RecordError {
  return wouldSay(
    'ConceptNotFound',
    `Concept with name=${name} not found`,
    `Avni has no concept of a name under ${path}, or has it no more.`,
    'Add the concept in Avni, or correct its name in the mapping: letter case and spaces count.',
    path,
  );
}
