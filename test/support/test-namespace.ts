import { msToTs } from '@temporalio/common/lib/time.js';
import type { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../src/temporal/register-search-attributes.js';
import { until } from './until.js';

/**
 * The namespace of this Jest worker, ready for use: test files that run side by side may then have
 * processes of one name. The first has `default`, which is there already.
 */
export async function testNamespace(connection: Connection): Promise<string> {
  const number = process.env['JEST_WORKER_ID'] ?? '1';
  const namespace = number === '1' ? 'default' : `worker-${number}`;
  const { workflowService } = connection;
  await until('the namespace is ready', async () => {
    // It is known some seconds after it was made, and so are its search attributes.
    const known = await workflowService.describeNamespace({ namespace }).then(
      () => true,
      () => false,
    );
    if (!known)
      await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') }).catch(() => undefined);
    return registerSearchAttributes(connection, namespace)
      .then(() => workflowService.countWorkflowExecutions({ namespace, query: 'SyncState = "none" AND ErrorType = "none"' }))
      .then(
        () => true,
        () => false,
      );
  });
  return namespace;
}
