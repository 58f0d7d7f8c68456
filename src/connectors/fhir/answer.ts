import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import type { Incident, Place } from '../../errors/whose-fault.js';
import { knownPath } from '../../fhir-r4/known-path.js';
import type { HttpResponse } from '../../http/http.js';

/** What came of a write: of one resource, of an entry of a bundle, or of a bundle as a whole. */
export interface Answer {
  /** `BadResponse`: it is not of the form FHIR asks for. */
  came: number | 'BadResponse';
  /** What the OperationOutcome says first, where there is one. */
  issue: Issue;
  removing: boolean;
  /** The answer it came in: its headers may ask for time. */
  response: HttpResponse;
}

interface Issue {
  code?: string;
  path?: string;
  text: string;
}

/** FHIR's own issue codes, of R4 and R5: a server that puts other words there may quote a record. */
const ISSUE_CODES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found ' +
    'deleted too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational ' +
    'success limited-operation'
  ).split(' '),
);

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

/** Reads a status with its OperationOutcome, if there is one. */
export function answerOf(came: Answer['came'], body: unknown, response: HttpResponse, method: 'PUT' | 'DELETE' | 'POST'): Answer {
  const { code, expression: [path] = [], diagnostics, details } = outcome.safeParse(body).data?.issue[0] ?? {};
  const text = diagnostics ?? details?.text ?? '';
  const known = path === undefined ? undefined : knownPath(path);
  const issue = {
    ...(code !== undefined && ISSUE_CODES.has(code) ? { code } : {}),
    ...(known !== undefined ? { path: known } : {}),
    text,
  };
  return { came, issue, removing: method === 'DELETE', response };
}

/** In the words of `whoseFault`. */
export function incidentOf({ came, issue, removing }: Answer, place: Place, several = false): Omit<Incident, 'tries' | 'probe'> {
  return { place, came, text: issue.text, removing, several, ...(issue.code !== undefined ? { code: issue.code } : {}) };
}

/** The error of a record that the server does not take. `removing`: all that was asked for is to remove it. */
export function refusalOf({ came, issue }: Answer, removing: boolean): RecordError {
  const { code, path, text } = issue;
  const status = typeof came === 'number' ? came : 200;
  const where = path !== undefined ? ` at ${path}` : '';
  const referenced = removing && status === 409;
  return {
    code: referenced ? 'StillReferenced' : 'Refused',
    status,
    message:
      status >= 500
        ? `The FHIR server fails on this record (${status}) while it is otherwise well.`
        : `The FHIR server refused it: ${code ?? 'no reason given'} (${status})${where}.`,
    remedy: remedyOf(status, referenced),
    ...(code !== undefined ? { systemCode: code } : {}),
    ...(path !== undefined ? { path } : {}),
    ...(text !== '' ? { detail: text } : {}),
  };
}

function remedyOf(status: number, referenced: boolean): string {
  if (status >= 500) return 'See the FHIR server’s log at this time.';
  return referenced
    ? 'Let the types that depend on it be removed too (whenNoLonger: remove), or let this one be marked or kept; what others wrote that refers to it must go first.'
    : 'See what the server requires of such a resource, and correct the mapping or the record.';
}
