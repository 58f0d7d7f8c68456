import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';

/** Payloads that no decoder can make anything of, as a client of its own making may send them. */
export const broken = {
  noJson: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"reason": Asha') },
  noText: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from([0xff, 0xfe, 0x00]) },
  nothing: { metadata: { encoding: Buffer.from('json/plain') } },
  oddEncoding: { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') },
  noEncoding: { metadata: {}, data: Buffer.from('{}') },
};

export type RawPayload = (typeof broken)[keyof typeof broken];

/** Sends a signal over gRPC with these bytes, as they are. */
export async function rawSignal(client: Client, workflowId: string, signalName: string, payload: RawPayload): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    signalName,
    input: { payloads: [payload] },
  });
}

interface RawStart {
  workflowType: string;
  workflowId: string;
  taskQueue: string;
  memo?: Record<string, RawPayload>;
  searchAttributes?: Record<string, string>;
}

/** Starts a workflow over gRPC with these bytes as its input. */
export async function rawStart(client: Client, start: RawStart, payload: RawPayload): Promise<void> {
  const attributes = Object.entries(start.searchAttributes ?? {}).map(([name, value]) => [name, defaultPayloadConverter.toPayload(value)]);
  await client.workflowService.startWorkflowExecution({
    namespace: client.options.namespace,
    workflowId: start.workflowId,
    workflowType: { name: start.workflowType },
    taskQueue: { name: start.taskQueue },
    input: { payloads: [payload] },
    memo: { fields: start.memo ?? {} },
    searchAttributes: { indexedFields: Object.fromEntries(attributes) as Record<string, RawPayload> },
    requestId: randomUUID(),
  });
}

/** Sends an update, and gives the words in which it is refused. */
export async function rawUpdate(client: Client, workflowId: string, name: string, payload: RawPayload): Promise<string> {
  const { outcome } = await client.workflowService.updateWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    // Until it is completed, or refused.
    waitPolicy: { lifecycleStage: 3 },
    request: { meta: { updateId: randomUUID() }, input: { name, args: { payloads: [payload] } } },
  });
  return outcome?.failure?.message ?? '';
}

/** Asks a query with these bytes as its argument. */
export async function rawQuery(client: Client, workflowId: string, queryType: string, payload: RawPayload): Promise<unknown> {
  const { queryResult } = await client.workflowService.queryWorkflow({
    namespace: client.options.namespace,
    execution: { workflowId },
    query: { queryType, queryArgs: { payloads: [payload] } },
  });
  return defaultPayloadConverter.fromPayload(queryResult?.payloads?.[0] ?? {});
}

/** Completes an activity that runs with these bytes as its result. */
export async function rawResult(client: Client, workflowId: string, activityId: string, payload: RawPayload): Promise<void> {
  const { namespace } = client.options;
  await client.workflowService.respondActivityTaskCompletedById({ namespace, workflowId, activityId, result: { payloads: [payload] } });
}
