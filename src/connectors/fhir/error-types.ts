import type { ErrorAction } from '../../model/classified-error.js';
import type { ErrorType } from '../../errors/error-type.js';

/** The issue codes of an OperationOutcome (R4 IssueType), each with its remedy. */
const issues: [code: string, remedy: string, then?: ErrorAction][] = [
  ['invalid', 'Compare what the mapping makes with what the server asks of such a resource, and correct the mapping or the record.'],
  ['structure', 'Correct the mapping: an element stands where it may not, or is of another type.'],
  ['required', 'Let the mapping fill in the element that the server requires, or complete the record.'],
  ['value', 'Correct the value in the record, or make the mapping bring it into the form the server takes.'],
  ['invariant', 'See which rule of the profile is broken, and correct the mapping or the record.'],
  ['security', 'Give the integration’s user on the server the right to write such a resource.'],
  ['login', 'Correct the credentials in the worker’s environment and restart it.', 'stop'],
  ['unknown', 'Create the integration’s user on the server, or correct its name.', 'stop'],
  ['expired', 'Renew the token in the worker’s environment and restart it.', 'stop'],
  ['forbidden', 'Give the integration’s user on the server the right to write this resource.'],
  ['suppressed', 'Let the integration’s user see such resources: the server hides part of them.'],
  ['processing', 'See the full text by running the record again, and the FHIR server’s log.'],
  ['not-supported', 'Switch the resource type or the interaction on in the server, or do not map to it.'],
  ['duplicate', 'Find the resource that is there already; give the entity type a key and adopt: true to take it over, or merge the two.'],
  ['multiple-matches', 'Merge or remove the resources that share the key in the destination.'],
  ['not-found', 'See which resource is referred to and is not there: bring it over first, or correct the reference.'],
  ['deleted', 'What it refers to was deleted on the server: restore it there, or bring it over again.'],
  ['too-long', 'Shorten the value in the record or by the mapping, or raise the server’s limit.'],
  ['code-invalid', 'Correct the code table: the server does not know the code, or not in this value set.'],
  ['extension', 'Correct the extension in the mapping: the server does not know it, or not at this place.'],
  ['too-costly', 'Write fewer at once: make bundle of the system smaller.'],
  ['business-rule', 'See which rule of the server it breaks, by running the record again, and correct the record.'],
  [
    'conflict',
    'Something in the destination stands against it, such as a reference to what is to be removed: correct that first, or mark instead.',
  ],
  ['transient', 'Nothing to do: it is tried again by itself.'],
  ['lock-error', 'Nothing to do: it is tried again by itself; if it stays, see who holds the resource.'],
  ['no-store', 'Mend the server’s store; it is tried again by itself.'],
  ['exception', 'See the FHIR server’s log at this time: it fails on this resource.'],
  ['timeout', 'See whether the server is overloaded; it is tried again by itself.'],
  ['incomplete', 'See the FHIR server’s log: it could not look at all it needed; it is tried again by itself.'],
  ['throttled', 'Nothing to do: it is tried again by itself; lower concurrency of the system if it happens often.'],
  ['informational', 'See the full text by running the record again.'],
];

/** `not-found` → `FhirNotFound`. */
function nameOf(code: string): string {
  return `Fhir${code.replace(/(?:^|-)(\w)/g, (_whole, first: string) => first.toUpperCase())}`;
}

/** What a FHIR server finds wrong with a record, by the issue code of its answer. */
export const fhirErrorTypes: readonly ErrorType[] = issues.map(([code, remedy, then = 'retry']) => ({
  name: nameOf(code),
  code,
  keep: [],
  then,
  remedy,
}));
