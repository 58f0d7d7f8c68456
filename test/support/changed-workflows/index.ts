import { sleep } from '@temporalio/workflow';

/**
 * Workflows whose first step is another than the released one’s: replaying a recorded history must
 * notice.
 */
export async function integrationProcess(): Promise<void> {
  await sleep(1);
}

export async function entitySync(): Promise<void> {
  await sleep(1);
}

export async function errorProcess(): Promise<void> {
  await sleep(1);
}

export async function recordSync(): Promise<void> {
  await sleep(1);
}

export async function erroredRecord(): Promise<void> {
  await sleep(1);
}
