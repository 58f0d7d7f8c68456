import { OperationOutcomeError, validateResource, type InternalSchemaElement, type InternalTypeSchema } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import type { RecordError } from '../../errors/record-error.js';
import { ExactNumber } from '../../json/exact-number.js';
import { elementOf, isComplex, isNoChoice, typeOf } from './r4/elements.js';
import { digitsAsNumber, rangeProblem, withNearNumbers } from './r4/exact-numbers.js';
import { knownPath } from './r4/known-path.js';
import { containedIds, referenceProblem } from './r4/reference-targets.js';
import { schemaOf } from './r4/structures.js';
import { isSurelyValid } from './r4/surely-valid.js';
import { timeProblem } from './r4/times.js';
import { brokenRule } from './r4/type-invariants.js';
import { missedValueSet } from './r4/value-sets.js';
import { getOwn, setOwn } from '../../model/keyed.js';

type Json = Record<string, unknown>;

/** One resource that is shaped. */
interface Shaping {
  problems: RecordError[];
  /** Ids of what it contains. */
  contained: ReadonlySet<string>;
}

/** By datatype: how it stands outside of a value set. */
const MISSED: Readonly<Record<string, string>> = {
  code: 'its code is not',
  Coding: 'its coding is not',
  CodeableConcept: 'it has no coding',
};

/** Elements within elements: far more than anything means, far fewer than take up the stack. */
const DEEPEST = 100;

/** Characters of a text: R4 lets it have no more. */
const LONGEST = 1024 * 1024;

/** Characters of what the validator says that are kept: it may quote a value of any length. */
const LONGEST_DETAIL = 16_384;

/**
 * R4 allows no character below 32 but tab and line ends; half a character no server can be sent.
 */
const NOT_TEXT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]|\p{Cs}/u;

/**
 * A mapping's result as an R4 resource: what is a list in R4 is a list, what is empty is dropped.
 * Then checked whole: structure by Medplum’s validator, and by ours what it leaves out: codes of
 * required value sets, targets of references, rules of data types.
 */
export function shapeResource(
  mapped: unknown,
  types: readonly string[],
): { type: string; body: unknown } | { error: RecordError } | undefined {
  if (!isObject(mapped)) return { error: invalid('', 'the expression gives no object') };
  const type = mapped['resourceType'];
  if (typeof type !== 'string' || !types.includes(type)) return { error: invalid('resourceType', `it must be one of ${types.join(', ')}`) };
  const schema = schemaOf(type);
  if (!schema) return { error: invalid('resourceType', 'it is no resource of R4') };
  const problems: RecordError[] = [];
  const body = shapeObject(mapped, schema, type, { problems, contained: containedIds(mapped['contained']) }) as Json | undefined;
  if (!body || Object.keys(body).length <= 1) return undefined;
  const [problem] = problems;
  if (problem) return { error: problem };
  const error = structureError(body);
  return error ? { error } : { type, body };
}

function shapeObject(value: Json, schema: InternalTypeSchema, path: string, shaping: Shaping): unknown {
  const { problems } = shaping;
  if (path.length > DEEPEST && path.split('.').length > DEEPEST)
    return void problems.push(invalid(path, `it is more than ${DEEPEST} elements deep`));
  const shaped: Json = {};
  // Of the elements that may be given by several names.
  let given: Set<InternalSchemaElement> | undefined;
  for (const [name, member] of Object.entries(value)) {
    const element = elementOf(schema, name);
    // The validators look members up in plain objects, which seem to have these; and by the
    // beginning of a name.
    if (!element && (Object.hasOwn(Object.prototype, name) || isNoChoice(schema, name))) {
      problems.push(invalid(path, 'it has a member that is no element of R4'));
      continue;
    }
    const result = element ? shapeElement(member, element, name, `${path}.${name}`, shaping) : drop(member);
    if (result === undefined) continue;
    setOwn(shaped, name, result);
    if (!element || element.type.length < 2) continue;
    // The validator takes as many as there are.
    if (given?.has(element)) problems.push(invalid(path, 'an element of several types has more than one value'));
    given = (given ?? new Set()).add(element);
  }
  return Object.keys(shaped).length > 0 ? shaped : undefined;
}

function shapeElement(value: unknown, element: InternalSchemaElement, name: string, path: string, shaping: Shaping): unknown {
  const one = (each: unknown): unknown => shapeValue(each, typeOf(element, name), element, path, shaping);
  if (element.isArray) {
    const list = (Array.isArray(value) ? value : [value]).map(one).filter((each) => each !== undefined);
    return list.length > 0 ? list : undefined;
  }
  // JSONata gives a list of one as often as the one itself.
  if (Array.isArray(value)) return value.length === 1 ? one(value[0]) : value.length === 0 ? undefined : value;
  return one(value);
}

function shapeValue(given: unknown, type: string, element: InternalSchemaElement, path: string, shaping: Shaping): unknown {
  if (given === null || given === undefined || given === '') return undefined;
  const { problems, contained } = shaping;
  const value = digitsAsNumber(given, type);
  const shaped = isObject(value) ? shapeWithin(value, type, path, shaping) : value;
  if (!isObject(value) && isComplex(type)) problems.push(invalid(path, `it must be an object, a ${type}`));
  // Medplum’s validator takes seconds for each of those, in which nothing else is done.
  if (typeof value === 'string' && value.length > LONGEST) problems.push(invalid(path, 'a text is longer than 1 MB'));
  else if (typeof value === 'string' && NOT_TEXT.test(value))
    problems.push(invalid(path, 'a text holds a control character, or half a character'));
  const large = rangeProblem(value, type);
  if (large !== undefined) problems.push(invalid(path, large));
  const untimely = timeProblem(value, type);
  if (untimely !== undefined) problems.push(invalid(path, untimely));
  const missed = missedValueSet(shaped, type, element);
  if (missed !== undefined) problems.push(invalid(path, `${getOwn(MISSED, type) ?? 'it is not'} in the required value set ${missed}`));
  if (!isObject(shaped)) return shaped;
  const rule = brokenRule(shaped, type, element);
  if (rule !== undefined) problems.push(invalid(path, `it breaks the rule ${rule} of ${type}`));
  const astray = type === 'Reference' ? referenceProblem(shaped, element, contained) : undefined;
  if (astray !== undefined) problems.push(invalid(path, astray));
  return shaped;
}

function shapeWithin(value: Json, type: string, path: string, shaping: Shaping): unknown {
  const schema = schemaOf(typeof value['resourceType'] === 'string' ? value['resourceType'] : type);
  return schema ? shapeObject(value, schema, path, shaping) : drop(value);
}

function drop(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) return value.length > 0 ? value : undefined;
  return value;
}

function structureError(body: Json): RecordError | undefined {
  if (isSurelyValid(body)) return undefined;
  try {
    validateResource(withNearNumbers(body) as Resource);
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) return invalid(String(body['resourceType']), 'it is not valid R4');
    const [issue] = errorsIn(error);
    const path = issue?.expression?.[0] ?? String(body['resourceType']);
    return {
      ...invalid(path, harmless(issue?.details?.text)),
      ...(issue?.details?.text !== undefined ? { detail: issue.details.text.slice(0, LONGEST_DETAIL) } : {}),
    };
  }
}

/** What the validator refuses for: it also warns, as of our stand-ins for references. */
function errorsIn({ outcome }: OperationOutcomeError): OperationOutcomeError['outcome']['issue'] {
  return outcome.issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
}

/**
 * What is wrong with some elements of a resource, whatever else it may hold: with a definition's
 * own values, not a record's.
 */
export function elementProblems(type: string, elements: Json): { path: string; why: string }[] {
  const schema = schemaOf(type);
  if (!schema) return [{ path: type, why: 'it is no resource of R4' }];
  const problems: RecordError[] = [];
  shapeObject(elements, schema, type, { problems, contained: new Set() });
  const found = problems.map(({ path = '', message }) => ({ path, why: message.replace(/^.*?: |\.$/g, '') }));
  try {
    validateResource({ ...elements, resourceType: type } as unknown as Resource);
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) return [...found, { path: type, why: 'it is not valid R4' }];
    for (const { details, expression: [path = type] = [], code } of errorsIn(error)) {
      const why = details?.text ?? 'it is not valid R4';
      // What the rest of the resource brings is not to be seen here; what is within these elements
      // is.
      const ofTheRest = (code === 'invariant' && path === type) || (why === 'Missing required property' && path.split('.').length === 2);
      if (!ofTheRest) found.push({ path, why });
    }
  }
  return found;
}

/**
 * The validator’s words without what stands in quotes, which may be a value, and hold quotes
 * itself.
 */
function harmless(text: string | undefined): string {
  return (text ?? 'it is not valid R4')
    .replace(/".*"/s, '')
    .replace(/'.*'/s, '')
    .replace(/(Unknown data type):.*/s, '$1')
    .trim()
    .slice(0, 200);
}

/** A mapping may make names of members from the record: of `given` no more is kept than R4 has. */
function invalid(given: string, why: string): RecordError {
  const path = knownPath(given) ?? '';
  return {
    code: 'InvalidResource',
    message: `The mapped resource is not valid FHIR R4 at ${path || 'its root'}: ${why}.`,
    remedy: 'Correct the expression, or the record where it holds something unexpected.',
    path,
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
