import { isGrpcServiceError, ServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw, rethrowKnownErrorTypes } from '@temporalio/client/lib/helpers.js';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { setOwn } from '../model/keyed.js';

type Raw = WorkflowExecutionInfo['raw'];

/** gRPC's status for what is not known. */
const NOT_FOUND = 5;

/**
 * The workflows that fit a query, `pageSize` a call. Anyone may start a workflow with any bytes as
 * its memo, and the client's own list ends at one that cannot be decoded: here that field is left
 * out.
 */
export async function* listWorkflows(client: Client, query: string, pageSize?: number): AsyncGenerator<WorkflowExecutionInfo> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService
      .listWorkflowExecutions({ namespace, query, nextPageToken, ...(pageSize !== undefined ? { pageSize } : {}) })
      .catch((error: unknown) => fail(error, 'Failed to list workflows'));
    for (const raw of page.executions) yield await infoOf(client, raw);
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
}

/** Whether a workflow is open: it runs, or was paused at Temporal itself (servers from 1.30). */
export function isOpen({ status: { name } }: Pick<WorkflowExecutionInfo, 'status'>): boolean {
  return name === 'RUNNING' || name === 'PAUSED';
}

/**
 * The latest run under an id, or the one that is named, open or closed, but for what of its memo
 * cannot be decoded; undefined where there is none.
 */
export async function describeWorkflow(client: Client, workflowId: string, runId = ''): Promise<WorkflowExecutionInfo | undefined> {
  const { namespace } = client.options;
  const described = await client.workflowService
    .describeWorkflowExecution({ namespace, execution: { workflowId, runId } })
    .catch((error: unknown) => (isNotFound(error) ? undefined : fail(error, 'Failed to describe a workflow')));
  return described && infoOf(client, described.workflowExecutionInfo ?? {});
}

async function infoOf(client: Client, raw: Raw): Promise<WorkflowExecutionInfo> {
  const { loadedDataConverter, namespace } = client.options;
  try {
    return await executionInfoFromRaw(raw, loadedDataConverter, raw, namespace);
  } catch {
    // A message has its defaults on its prototype: a copy would lose them.
    const mended = Object.create(raw) as Raw;
    mended.memo = { fields: await decodable(client, raw) };
    return executionInfoFromRaw(mended, loadedDataConverter, raw, namespace);
  }
}

/** Those fields of a memo that can be decoded. */
async function decodable({ options: { loadedDataConverter, namespace } }: Client, { memo, execution }: Raw) {
  const context = { type: 'workflow' as const, namespace, workflowId: execution?.workflowId ?? '' };
  const fields: NonNullable<NonNullable<Raw['memo']>['fields']> = {};
  for (const [name, payload] of Object.entries(memo?.fields ?? {}))
    await decodeMapFromPayloads(loadedDataConverter, { [name]: payload }, context).then(
      () => setOwn(fields, name, payload),
      () => undefined,
    );
  return fields;
}

/**
 * Whether Temporal knows of no such workflow. @throws the client’s own error where it is the
 * namespace that is not known
 */
function isNotFound(error: unknown): boolean {
  if (isGrpcServiceError(error)) rethrowKnownErrorTypes(error);
  return isGrpcServiceError(error) && error.code === NOT_FOUND;
}

/** As the client's own calls fail. */
function fail(cause: unknown, message: string): never {
  if (isGrpcServiceError(cause)) rethrowKnownErrorTypes(cause);
  throw new ServiceError(message, { cause: cause as Error });
}
