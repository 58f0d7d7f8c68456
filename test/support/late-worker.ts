import { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities, WritingActivities } from '../../workflows/contracts.js';

/** Runs a worker on a task queue that had none until now, for as long as the work takes. */
export async function withLateWorker<T>(
  options: { taskQueue: string; activities: Activities & Partial<WritingActivities>; address?: string },
  work: () => Promise<T>,
): Promise<T> {
  const { taskQueue, activities, address = process.env['SANGAM_TEST_TEMPORAL'] ?? '' } = options;
  const connection = await NativeConnection.connect({ address });
  try {
    const worker = await Worker.create({
      connection,
      taskQueue,
      activities,
      workflowBundle: { codePath: process.env['SANGAM_TEST_BUNDLE'] ?? '' },
    });
    return await worker.runUntil(work());
  } finally {
    await connection.close();
  }
}
