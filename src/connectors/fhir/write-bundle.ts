import { z } from 'zod';
import { writeJson } from '../../json/json.js';
import type { Context } from '../connector.js';
import { answerOf, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { targetOf, type Operation } from './operations.js';
import { parsed } from './parsed.js';

const transactionResponse = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.looseObject({ response: z.looseObject({ status: z.string(), outcome: z.unknown().optional() }) })),
});

/** What the server says of the bundle as a whole, and, where it took it, of every operation, in order. */
export interface BundleAnswer {
  whole: Answer;
  each: Answer[];
}

/** Operations in one transaction: all or none, where the server keeps to that; the status of each counts also inside a 200. */
export async function writeBundle(client: FhirClient, operations: Operation[], c: Context): Promise<BundleAnswer> {
  const entry = operations.map((operation) => ({
    ...(operation.body !== undefined ? { fullUrl: `${client.base}/${targetOf(operation)}`, resource: operation.body } : {}),
    request: {
      method: operation.method,
      url: targetOf(operation),
      ...(operation.version !== undefined && operation.method === 'PUT' ? { ifMatch: `W/"${operation.version}"` } : {}),
    },
  }));
  const response = await client.send(
    { method: 'POST', kind: 'write', path: '', body: { resourceType: 'Bundle', type: 'transaction', entry } },
    c,
  );
  const body = parsed(response.text);
  if (response.status >= 300) return { whole: answerOf(response.status, body, response, 'POST'), each: [] };
  const result = transactionResponse.safeParse(body);
  if (!result.success || result.data.entry.length !== operations.length)
    return { whole: answerOf('BadResponse', undefined, response, 'POST'), each: [] };
  const each = result.data.entry.map(({ response: { status, outcome } }, index) =>
    answerOf(Number.parseInt(status, 10) || 'BadResponse', outcome, response, operations[index]?.method ?? 'PUT', said(outcome)),
  );
  return { whole: answerOf(response.status, undefined, response, 'POST'), each };
}

/** The whole answer is of the other entries too: of one, what stands in its place. */
function said(outcome: unknown): string {
  return outcome === undefined ? '' : writeJson(outcome);
}
