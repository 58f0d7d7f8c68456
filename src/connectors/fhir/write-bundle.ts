import { z } from 'zod';
import type { Context } from '../connector.js';
import { answerOf, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { targetOf, type Operation } from './operations.js';
import { notFromServer, parsed } from './write-single.js';

const transactionResponse = z.looseObject({
  entry: z.array(z.looseObject({ response: z.looseObject({ status: z.string(), outcome: z.unknown().optional() }) })),
});

/** `whole`: the server answered for the bundle as a whole; `each`: for every operation, in order; `unsupported`: it has no transactions. */
export type BundleAnswer = { whole: Answer } | { each: Answer[] } | { unsupported: true };

/** Operations in one transaction: all or none, where the server keeps to that; the status of each counts also inside a 200. @throws SystemFailure, Cancelled where there is no answer to be made sense of. */
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
  if ([404, 405, 501].includes(response.status) || JSON.stringify(body ?? '').includes('"not-supported"')) return { unsupported: true };
  const answer = answerOf(response.status, body, response, 'POST');
  if (answer.kind !== 'done') return { whole: answer };
  const result = transactionResponse.safeParse(body);
  if (!result.success || result.data.entry.length !== operations.length) throw notFromServer();
  return {
    each: result.data.entry.map(({ response: { status, outcome } }, index) =>
      answerOf(Number.parseInt(status, 10) || 500, outcome, response, operations[index]?.method ?? 'PUT'),
    ),
  };
}
