import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import type { WriteRequest } from '../connector.js';
import { refused, type NeedsBefore, type Planned } from './operations.js';
import type { PlanContext } from './plan-context.js';
import { planWrite } from './plan-write.js';
import { isWellFormed } from '../well-formed.js';

/** Elements within elements of what is sent: a server may give what takes up the stack. */
const DEEPEST = 200;

/**
 * What one request comes to. Whatever the content of its record, or of what the server has of it,
 * does to that is its own error.
 */
export function planOne(request: WriteRequest, context: PlanContext): Planned | NeedsBefore {
  if (!isWellFormed(request.origin.id)) return { outcome: { kind: 'refused', error: halfCharacter() } };
  if (request.resources.some(({ key }) => key?.system === undefined && key?.value.includes('|')))
    return { outcome: { kind: 'refused', error: barInKey() } };
  const broken = context.looked.brokenOf(request, context.formerly);
  if (broken) return { outcome: { kind: 'refused', error: broken } };
  try {
    const planned = planWrite(request, context);
    return 'operations' in planned && planned.operations.some(({ body }) => isDeeper(body, DEEPEST)) ? tooDeep() : planned;
  } catch (error) {
    // Planning asks nobody: what is thrown comes of the content. Its words may quote that.
    return refused(
      'NotComparable',
      `What the FHIR server has of this record cannot be compared with what is to be written (${error instanceof Error ? error.name : 'unknown'}).`,
      'Look at the resources of this record on the FHIR server: one of them is not valid FHIR R4. Correct or remove it there.',
    );
  }
}

function halfCharacter(): RecordError {
  return {
    code: 'IdInvalid',
    message: 'The id of the record holds half a character, so nothing can be written under it.',
    remedy: 'Correct the id of the record in its source.',
  };
}

/**
 * A search takes what stands before a bar for the system: it would find nothing, or another one.
 */
function barInKey(): RecordError {
  return {
    code: 'KeyInvalid',
    message: 'The business key has a "|" and no system, so it cannot be looked for on the FHIR server.',
    remedy: 'Give the key of the definition a system, or correct the field the key is made of.',
  };
}

function tooDeep(): Planned {
  return refused(
    'NotComparable',
    `What the FHIR server has of this record is more than ${DEEPEST} elements deep.`,
    'Look at the resources of this record on the FHIR server, and correct or remove the one that is so deep.',
  );
}

/** Without a list of members: it is asked of all that is sent. */
function isDeeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (than === 0) return true;
  for (const name in value) if (isDeeper(getOwn(value as Record<string, unknown>, name), than - 1)) return true;
  return false;
}
