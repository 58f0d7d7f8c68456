import { allOk } from '@medplum/core';
import type { OperationOutcome } from '@medplum/fhirtypes';
import type { SimulatedResponse } from '../server.js';
import type { FhirBehaviour } from './behaviour.js';
import type { InteractionRequest } from './interact.js';
import { FHIR_JSON, type Interaction } from './respond.js';

/** How a write is answered, where not as usual. With `error` and `lost` it is not carried out. */
export type OddAnswer = Exclude<FhirBehaviour['writeAnswers'], 'usual'>;

const note = outcome('information', 'informational', 'It is stored');
const error = outcome('error', 'processing', 'It is not stored');
const other = { resourceType: 'Basic', id: 'other', code: { text: 'other' } };

/** How this write is answered; undefined: as usual. */
export function oddAnswerTo({ method, url, body }: InteractionRequest, behaviour: FhirBehaviour): OddAnswer | undefined {
  const { writeAnswers, writeAnswersFor } = behaviour;
  if (writeAnswers === 'usual' || (method !== 'PUT' && method !== 'DELETE')) return undefined;
  return `${url} ${JSON.stringify(body ?? '')}`.includes(writeAnswersFor) ? writeAnswers : undefined;
}

export function isCarriedOut(how: OddAnswer | undefined): boolean {
  return how !== 'error' && how !== 'lost';
}

/** What stands for an interaction that was not carried out. */
export const notCarriedOut: Interaction = { status: 200, outcome: allOk };

/** The answer to a single write. */
export function oddResponse(how: OddAnswer, { status }: Interaction): SimulatedResponse {
  const given = status === 204 ? 200 : status;
  const body = { none: undefined, lost: undefined, outcome: note, error, other }[how];
  return body === undefined ? { status: given } : { status: given, headers: { 'content-type': FHIR_JSON }, body };
}

/** The entry of a bundle's answer. */
export function oddEntry(how: OddAnswer, { status }: Interaction): object {
  const response = { status: `${status === 204 ? 200 : status}` };
  if (how === 'other') return { resource: other, response };
  return { response: how === 'none' || how === 'lost' ? response : { ...response, outcome: how === 'error' ? error : note } };
}

function outcome(
  severity: OperationOutcome['issue'][number]['severity'],
  code: 'informational' | 'processing',
  text: string,
): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics: text }] };
}
