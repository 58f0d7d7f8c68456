import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { listWorkflows } from '../../src/temporal/executions.js';
import { until } from './until.js';

/**
 * Everything Temporal keeps of a namespace: histories, memos, search attributes, pending
 * heartbeats; with what their payloads hold.
 */
export async function everythingKept(client: Client): Promise<string> {
  const parts: string[] = [];
  const { namespace } = client.options;
  // Those of other tests may have memos that cannot be decoded.
  for await (const { workflowId, runId } of listWorkflows(client, '')) {
    // The dev server, busy with other tests, may not answer a call in time.
    const history = await answered(() => client.workflow.getHandle(workflowId, runId).fetchHistory());
    const execution = { workflowId, runId };
    const described = await answered(() => client.workflowService.describeWorkflowExecution({ namespace, execution }));
    parts.push(JSON.stringify(history, decode), JSON.stringify(described, decode));
  }
  return parts.join('\n');
}

function answered<T>(ask: () => Promise<T>): Promise<T> {
  return until('the server answers', () =>
    ask().catch((error: unknown) => {
      if (isGrpcServiceError(error) || error instanceof ServiceError) return undefined;
      throw error;
    }),
  );
}

/**
 * A message of protobuf gives its bytes as base64 where it is made JSON; bytes by themselves come
 * as they are.
 */
function decode(key: string, value: unknown): unknown {
  if (key === 'data' && typeof value === 'string') return Buffer.from(value, 'base64').toString('utf8');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  const bytes = value as { type?: unknown; data?: unknown } | null;
  return bytes?.type === 'Buffer' && Array.isArray(bytes.data) ? Buffer.from(bytes.data as number[]).toString('utf8') : value;
}
