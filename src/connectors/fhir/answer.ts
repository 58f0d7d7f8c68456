import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import type { Incident, Place } from '../../errors/whose-fault.js';
import { knownPath } from '../../fhir-r4/known-path.js';
import type { HttpResponse } from '../../http/http.js';

/** What came of a write: of one resource, of an entry of a bundle, or of a bundle as a whole. */
export interface Answer {
  /** `BadResponse`: it is not of the form FHIR asks for. */
  came: number | 'BadResponse';
  /** What the OperationOutcome says went wrong, where there is one. */
  issue: Issue;
  removing: boolean;
  /** The answer it came in: its headers may ask for time. */
  response: HttpResponse;
}

interface Issue {
  code?: string;
  path?: string;
  /** Its own text alone, to tell whose fault it is by. */
  text: string;
  /** All the server says, to know an error type by, and for a person who runs the record again. May hold a person's data. */
  whole: string;
}

/** Characters of what a server says that are looked at: what it has to say stands at its beginning. */
const LONGEST_TEXT = 16_384;

/** FHIR's own issue codes, of R4 and R5: a server that puts other words there may quote a record. */
const ISSUE_CODES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found ' +
    'deleted too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational ' +
    'success limited-operation'
  ).split(' '),
);

const outcome = z.looseObject({ resourceType: z.literal('OperationOutcome').optional(), issue: z.array(z.unknown()) });

/** What is not of its form is left out, so that the rest still counts. */
const issueOf = z.looseObject({
  severity: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  expression: z.array(z.string()).optional().catch(undefined),
  diagnostics: z.string().optional().catch(undefined),
  details: z
    .looseObject({ text: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** Reads a status with its OperationOutcome, if there is one; `raw` is what the server said where there is none. */
export function answerOf(
  came: Answer['came'],
  body: unknown,
  response: HttpResponse,
  method: 'PUT' | 'DELETE' | 'POST',
  raw = response.text,
): Answer {
  const { success, data } = outcome.safeParse(body);
  const issues = (data?.issue ?? []).flatMap((each) => {
    const read = issueOf.safeParse(each);
    return read.success ? [read.data] : [];
  });
  // Servers begin with hints and warnings as often as with what went wrong.
  const first = issues.find(({ severity }) => severity === 'fatal' || severity === 'error') ?? issues[0];
  const { code, expression: [path] = [] } = first ?? {};
  const known = path === undefined ? undefined : knownPath(path);
  const texts = [...(first ? [first] : []), ...issues.filter((each) => each !== first)].map(textOf);
  const whole = success ? texts.filter((each) => each !== '').join('\n') : raw;
  const issue = {
    ...(code !== undefined && ISSUE_CODES.has(code) ? { code } : {}),
    ...(known !== undefined ? { path: known } : {}),
    text: texts[0] ?? '',
    whole: whole.trim().slice(0, LONGEST_TEXT),
  };
  return { came, issue, removing: method === 'DELETE', response };
}

function textOf({ diagnostics, details }: z.infer<typeof issueOf>): string {
  return [...new Set([diagnostics, details?.text])].filter((each) => each !== undefined && each !== '').join('\n');
}

/** In the words of `whoseFault`. */
export function incidentOf({ came, issue, removing }: Answer, place: Place, several = false): Omit<Incident, 'tries' | 'probe'> {
  return { place, came, text: issue.text, removing, several, ...(issue.code !== undefined ? { code: issue.code } : {}) };
}

/** The error of a record that the server does not take. `removing`: all that was asked for is to remove it. */
export function refusalOf({ came, issue }: Answer, removing: boolean): RecordError {
  const { code, path, whole } = issue;
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
    ...(whole !== '' ? { detail: whole } : {}),
  };
}

function remedyOf(status: number, referenced: boolean): string {
  if (status >= 500) return 'See the FHIR server’s log at this time.';
  return referenced
    ? 'Let the types that depend on it be removed too (whenNoLonger: remove), or let this one be marked or kept; what others wrote that refers to it must go first.'
    : 'See what the server requires of such a resource, and correct the mapping or the record.';
}
