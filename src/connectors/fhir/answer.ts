import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import type { HttpResponse } from '../../http/http.js';
import { failureOfStatus } from '../../http/failure-of-status.js';

/** What an answer to a write means for the record: done, a version that was no longer the stored one, refused, or that the system is at fault. */
export type Answer =
  | { kind: 'done' }
  | { kind: 'conflict' }
  | { kind: 'refused'; error: RecordError }
  | { kind: 'serverError' }
  | { kind: 'system'; failure: NonNullable<ReturnType<typeof failureOfStatus>> };

const outcome = z.looseObject({
  issue: z.array(
    z.looseObject({
      code: z.string().optional(),
      expression: z.array(z.string()).optional(),
      diagnostics: z.string().optional(),
      details: z.looseObject({ text: z.string().optional() }).optional(),
    }),
  ),
});

/** Reads one status, of a request or of an entry of a bundle, with its OperationOutcome. */
export function answerOf(status: number, body: unknown, response: HttpResponse, method: 'PUT' | 'DELETE' | 'POST'): Answer {
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (method === 'DELETE' && (status === 404 || status === 410)) return { kind: 'done' };
  const failure = failureOfStatus({ ...response, status }, 'write', 'Writing to the FHIR server');
  if (failure) return { kind: 'system', failure };
  if (status >= 500) return { kind: 'serverError' };
  const issue = outcome.safeParse(body).data?.issue[0];
  const text = issue?.diagnostics ?? issue?.details?.text ?? '';
  // Servers differ: 412, or 400 with words of the precondition.
  if (status === 412 || (status === 400 && /precondition/i.test(text))) return { kind: 'conflict' };
  return { kind: 'refused', error: refusal(status, issue?.code, issue?.expression?.[0], text, method) };
}

function refusal(status: number, code: string | undefined, path: string | undefined, text: string, method: string): RecordError {
  const removing = method === 'DELETE' && status === 409;
  return {
    code: 'Refused',
    status,
    message: `The FHIR server refused it: ${code ?? 'no reason given'} (${status})${path !== undefined ? ` at ${path}` : ''}.`,
    remedy: removing
      ? 'Something in the destination still refers to it: remove that first, or use whenVoided: mark.'
      : 'See what the server requires of such a resource, and correct the mapping or the record.',
    ...(path !== undefined ? { path } : {}),
    ...(text !== '' ? { detail: text } : {}),
  };
}
