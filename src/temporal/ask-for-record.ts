import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { SyncRecordResult } from '../model/turns.js';
import type { RecordRequest } from '../model/process-messages.js';

/** How long a worker has to take the request. */
const PATIENCE = 10_000;

/**
 * Asks a process to bring one record over now, and waits until it has had its turn. `missing`: no
 * such process runs; `silent`: no worker took the request in time, and the process does it once one
 * does.
 *
 * @throws Error in words where the process refuses.
 */
export async function askForRecord(
  client: Client,
  process: string,
  request: RecordRequest,
): Promise<SyncRecordResult | 'missing' | 'silent'> {
  try {
    return await ask(client, process, request).catch((error: unknown) => {
      // One that comes with the last task of a run is handed back by the server, never taken.
      if (!isHandedBack(error)) throw error;
      return ask(client, process, request);
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'silent';
    if (error instanceof WorkflowUpdateFailedError) throw new Error(error.cause?.message ?? error.message, { cause: error });
    throw error;
  }
}

async function ask(client: Client, process: string, request: RecordRequest): Promise<SyncRecordResult> {
  const handle = client.workflow.getHandle(process);
  const update = await client.withDeadline(Date.now() + PATIENCE, () =>
    handle.startUpdate<SyncRecordResult, [RecordRequest]>('syncRecord', { args: [request], waitForStage: 'ACCEPTED' }),
  );
  return update.result();
}

/** gRPC's status for what is not possible now. */
const FAILED_PRECONDITION = 9;

function isHandedBack(error: unknown): boolean {
  const cause: unknown = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === FAILED_PRECONDITION;
}
