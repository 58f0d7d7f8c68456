import { z } from 'zod';
import { writeJson } from '../../json/json.js';
import type { Context } from '../connector.js';
import { answerOf, isOutcome, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { ifMatchOf } from './ids.js';
import { targetOf, type Operation } from './operations.js';
import { parsed } from './parsed.js';
import type { Comparing } from './shown.js';
import { cameOf, showsItself, withoutOwnId } from './write-single.js';

const transactionResponse = z.object({ resourceType: z.literal('Bundle'), entry: z.array(z.unknown()) });

/**
 * What the server says of the bundle as a whole, and, where it took it, of every operation, in
 * order.
 */
export interface BundleAnswer {
  whole: Answer;
  each: Answer[];
}

/**
 * Operations in one transaction: all or none, where the server keeps to that; the status of each
 * counts also inside a 200.
 */
export async function writeBundle(
  client: FhirClient,
  operations: Operation[],
  serverAdds: readonly string[],
  c: Context,
): Promise<BundleAnswer> {
  const targets = operations.map(targetOf);
  const entry = operations.map((operation, index) => {
    const ifMatch = operation.method === 'PUT' ? ifMatchOf(operation.version) : undefined;
    if (operation.create !== undefined)
      return {
        fullUrl: `urn:uuid:${operation.id}`,
        resource: withoutOwnId(operation.body),
        request: { method: 'POST', url: operation.type, ifNoneExist: operation.create },
      };
    return {
      ...(operation.body !== undefined ? { fullUrl: `${client.base}/${targets[index]}`, resource: operation.body } : {}),
      request: { method: operation.method, url: targets[index], ...(ifMatch !== undefined ? { ifMatch } : {}) },
    };
  });
  const response = await client.send(
    { method: 'POST', kind: 'write', path: '', body: { resourceType: 'Bundle', type: 'transaction', entry } },
    c,
  );
  const body = parsed(response.text);
  const whole = answerOf(response.status, body, response, { method: 'POST' });
  if (response.status >= 300 || whole.given !== undefined) return { whole, each: [] };
  const result = transactionResponse.safeParse(body);
  if (!result.success || result.data.entry.length !== operations.length)
    return { whole: answerOf('BadResponse', undefined, response, { method: 'POST' }), each: [] };
  const comparing = { base: client.base, serverAdds };
  const each = operations.map((operation, index) => {
    const given = entryIn(result.data.entry[index]);
    const outcome = given.resource !== undefined && isOutcome(given.resource) ? given.resource : given.outcome;
    const [known] = /^[2-5]\d\d(?!\d)/.exec(given.status) ?? [];
    // What says no status says nothing: it is looked up, as what says that all went well and does
    // not show it.
    const shown = known !== undefined && isShown(Number(known), { ...given, outcome }, operation, comparing);
    const came = cameOf(Number(known ?? 200), operation);
    return answerOf(came, outcome, response, { method: operation.method, shown, raw: asText(outcome) });
  });
  return { whole, each };
}

/** What one server puts there instead of an OperationOutcome. */
function asText(said: unknown): string {
  try {
    return said === undefined ? '' : writeJson(said);
  } catch {
    return ''; // Deeper than the stack.
  }
}

interface Entry {
  resource: unknown;
  outcome: unknown;
  /** Empty where there is none. */
  status: string;
  location: string | undefined;
  etag: string | undefined;
}

/**
 * What is not of its form is left out, since it is of one record. By hand: there is one for each
 * record.
 */
function entryIn(entry: unknown): Entry {
  const { resource, response } = membersOf(entry);
  const { outcome, status, location, etag } = membersOf(response);
  const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    resource,
    outcome,
    status: typeof status === 'number' ? `${status}` : (textOf(status)?.trim() ?? ''),
    location: textOf(location),
    etag: textOf(etag),
  };
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * Servers answer an entry with the resource, or say where it is and of which version it is; and
 * with an outcome where that is asked for.
 */
function isShown(status: number, { resource, outcome, location, etag }: Entry, operation: Operation, comparing: Comparing): boolean {
  if (operation.method === 'DELETE') return showsItself(status, outcome, operation, comparing);
  if (resource !== undefined && !isOutcome(resource)) return showsItself(status, resource, operation, comparing);
  const target = operation.create === undefined ? targetOf(operation) : operation.type;
  if (location !== undefined) return `/${location}/`.includes(`/${target}/`);
  return etag !== undefined;
}
