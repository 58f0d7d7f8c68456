import type { Client } from '@temporalio/client';

/** Everything Temporal keeps of a namespace: histories, memos, search attributes, pending heartbeats; with what their payloads hold. */
export async function everythingKept(client: Client): Promise<string> {
  const parts: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    parts.push(JSON.stringify(await handle.fetchHistory(), decode), JSON.stringify((await handle.describe()).raw, decode));
  }
  return parts.join('\n');
}

/** A message of protobuf gives its bytes as base64 where it is made JSON; bytes by themselves come as they are. */
function decode(key: string, value: unknown): unknown {
  if (key === 'data' && typeof value === 'string') return Buffer.from(value, 'base64').toString('utf8');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  const bytes = value as { type?: unknown; data?: unknown } | null;
  return bytes?.type === 'Buffer' && Array.isArray(bytes.data) ? Buffer.from(bytes.data as number[]).toString('utf8') : value;
}
