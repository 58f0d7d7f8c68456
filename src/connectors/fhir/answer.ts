import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import type { Incident, Place } from '../../errors/whose-fault.js';
import { knownPath } from './r4/known-path.js';
import type { HttpResponse } from '../../http/http.js';
import { parsed } from './parsed.js';

/** What came of a write: of one resource, of an entry of a bundle, or of a bundle as a whole. */
export interface Answer {
  /**
   * The status it stands for: of a success whose OperationOutcome says an error, that of the error.
   * `BadResponse`: it is not of the form FHIR asks for.
   */
  came: number | 'BadResponse';
  /** The status as it was given, where that is another one. */
  given?: number;
  /** Whether the answer itself shows that it was done; where not, that is to be looked up. */
  shown: boolean;
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
  /**
   * All the server says, to know an error type by, and for a person who runs the record again. May
   * hold a person's data.
   */
  whole: string;
}

/**
 * Characters of what a server says that are looked at: what it has to say stands at its beginning.
 */
const LONGEST_TEXT = 16_384;

/** Issues whose texts are kept. */
const MOST_ISSUES = 200;

/**
 * FHIR's own issue codes, of R4 and R5: a server that puts other words there may quote a record.
 */
const ISSUE_CODES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found ' +
    'deleted too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational ' +
    'success limited-operation'
  ).split(' '),
);

const outcome = z.object({ resourceType: z.literal('OperationOutcome').optional(), issue: z.array(z.unknown()) });

const NO_OUTCOME = { success: false, data: undefined } as const;

/** What is not of its form is left out, so that the rest still counts. */
const issueOf = z.object({
  severity: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  expression: z.array(z.string()).optional().catch(undefined),
  diagnostics: z.string().optional().catch(undefined),
  details: z
    .looseObject({ text: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/**
 * The status that an error stands for which a server gives inside a success, by its issue code; any
 * other is 422.
 */
const STATUS_OF_CODE: ReadonlyMap<string, number> = new Map([
  ['login', 401],
  ['expired', 401],
  ['security', 403],
  ['forbidden', 403],
  ['not-found', 404],
  ['conflict', 409],
  ['duplicate', 409],
  ['deleted', 410],
  ['throttled', 429],
  ['exception', 500],
  ['transient', 503],
  ['lock-error', 503],
  ['no-store', 503],
  ['timeout', 503],
  ['incomplete', 503],
]);

/** What a server gave that is read as an answer to a write. */
interface Given {
  method: 'PUT' | 'DELETE' | 'POST';
  /** Whether it shows by itself that it was done. Default true. */
  shown?: boolean;
  /** What the server said where there is no OperationOutcome. Default the whole answer. */
  raw?: string;
}

/** Reads a status with its OperationOutcome, if there is one. */
export function answerOf(
  given: Answer['came'],
  body: unknown,
  response: HttpResponse,
  { method, shown = true, raw = response.text }: Given,
): Answer {
  // Most entries of a bundle have none.
  const { success, data } = body === undefined ? NO_OUTCOME : outcome.safeParse(body);
  const all = data?.issue ?? [];
  // Servers begin with hints and warnings as often as with what went wrong.
  const wrong = all.find(isWrong);
  const issues = [...(wrong === undefined ? [] : [wrong]), ...all.slice(0, MOST_ISSUES).filter((each) => each !== wrong)].flatMap(
    (each) => {
      const read = issueOf.safeParse(each);
      return read.success ? [read.data] : [];
    },
  );
  const { code, expression: [path] = [] } = issues[0] ?? {};
  const known = path === undefined ? undefined : knownPath(path);
  const texts = issues.map(textOf);
  const whole = success ? texts.filter((each) => each !== '').join('\n') : raw.slice(0, LONGEST_TEXT);
  const issue = {
    ...(code !== undefined && ISSUE_CODES.has(code) ? { code } : {}),
    ...(known !== undefined ? { path: known } : {}),
    text: texts[0] ?? '',
    whole: whole.trim().slice(0, LONGEST_TEXT),
  };
  const isError = wrong !== undefined && typeof given === 'number' && given >= 200 && given < 300;
  const came = isError ? (STATUS_OF_CODE.get(code ?? '') ?? 422) : given;
  return { came, ...(isError ? { given } : {}), shown, issue, removing: method === 'DELETE', response };
}

function isWrong(issue: unknown): boolean {
  const { severity } = (issue ?? {}) as { severity?: unknown };
  return severity === 'fatal' || severity === 'error';
}

/** Whether a body is an OperationOutcome, and so no resource that was asked for. */
export function isOutcome(body: unknown): boolean {
  return outcome.safeParse(body).success && (body as { resourceType?: unknown }).resourceType === 'OperationOutcome';
}

/**
 * The OperationOutcome that says what went wrong with a read: the body itself, or an entry of a
 * bundle, whose other entries then are not all there is.
 */
export function outcomeIn(body: unknown): unknown {
  if (isOutcome(body)) return body;
  const { entry } = (body ?? {}) as { entry?: unknown };
  const resources = Array.isArray(entry) ? entry.map((each: { resource?: unknown } | null) => each?.resource) : [];
  return resources.find((each) => isOutcome(each) && (each as { issue: unknown[] }).issue.some(isWrong));
}

/**
 * The status that an answer to a read stands for: that of the error where an OperationOutcome says
 * one. A look at its text first: most hold none.
 */
export function statusOf({ status, text }: HttpResponse): number {
  if (status !== 200 || !text.includes('"OperationOutcome"')) return status;
  const said = outcomeIn(parsed(text));
  if (said === undefined) return status;
  const { came } = answerOf(status, said, { status, headers: {}, text }, { method: 'POST' });
  return typeof came === 'number' ? came : status;
}

function textOf({ diagnostics, details }: z.infer<typeof issueOf>): string {
  const texts = [diagnostics, details?.text].map((each) => each?.slice(0, LONGEST_TEXT));
  return [...new Set(texts)].filter((each) => each !== undefined && each !== '').join('\n');
}

/** In the words of `whoseFault`. */
export function incidentOf({ came, issue, removing }: Answer, place: Place, several = false): Omit<Incident, 'tries' | 'probe'> {
  const means = issue.code === 'not-supported' ? 'not supported' : isConflict(came, issue.text) ? 'conflict' : undefined;
  return { place, came, removing, several, ...(means !== undefined ? { means } : {}) };
}

/** Servers differ: 409 with words of the version, or 400 with words of the precondition. */
function isConflict(came: Incident['came'], text: string): boolean {
  return (came === 409 && /version/i.test(text)) || (came === 400 && /precondition/i.test(text));
}

/**
 * The error of a record that the server does not take. `removing`: all that was asked for is to
 * remove it.
 */
export function refusalOf({ came, given, issue }: Answer, removing: boolean): RecordError {
  const { code, path, whole } = issue;
  const status = typeof came === 'number' ? came : 200;
  const said = given === undefined ? `${status}` : `it answered ${given}, with an error inside`;
  const where = path !== undefined ? ` at ${path}` : '';
  const referenced = removing && status === 409;
  return {
    code: referenced ? 'StillReferenced' : 'Refused',
    status: given ?? status,
    message:
      status >= 500
        ? `The FHIR server fails on this record (${said}) while it is otherwise well.`
        : `The FHIR server refused it: ${code ?? 'no reason given'} (${said})${where}.`,
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
