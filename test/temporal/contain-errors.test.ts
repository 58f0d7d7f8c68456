import { describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { silent } from '../../src/log.js';
import { containErrors } from '../../src/temporal/contain-errors.js';
import { idle } from '../support/fake-activities.js';
import { withProcess } from '../support/process-harness.js';

async function leaving(work: () => Promise<unknown>): Promise<ApplicationFailure> {
  const context = { info: { activityType: 'syncChanges', workflowExecution: { workflowId: 'p' } } } as unknown as Context;
  const { inbound } = containErrors(silent)(context);
  const failed = await inbound?.execute?.({ args: [], headers: {} }, work).catch((error: unknown) => error);
  if (!(failed instanceof ApplicationFailure)) throw new Error('it did not fail as an activity does');
  return failed;
}

const tooLong = (client: Client, process: string): Promise<void> =>
  client.workflow.getHandle(process).signal('pause', { reason: 'x'.repeat(3_000_000) });

describe('what leaves an activity as an error', () => {
  it('is tried again where Temporal does not answer, and not where it will never take what was sent', () =>
    withProcess(idle, async ({ client, process }) => {
      const refused = await leaving(() => tooLong(client, process));
      expect(refused).toMatchObject({ nonRetryable: true, type: 'Defect' });
      expect(refused.message).not.toContain('xxx');
      const unanswered = Object.assign(new Error('14 UNAVAILABLE: no connection'), { code: 14, details: '', metadata: {} });
      expect(await leaving(() => Promise.reject(unanswered))).toMatchObject({ nonRetryable: false, type: 'TemporalUnavailable' });
    }));

  it('is final, and says why, where its result is more than Temporal takes', async () => {
    const failed = await leaving(() => Promise.resolve({ rows: ['x'.repeat(3_000_000)] }));
    expect(failed).toMatchObject({ nonRetryable: true, type: 'TooLarge' });
    expect(failed.message).toMatch(/^The result of syncChanges has \d+ bytes, more than the \d+ that are sent/);
  });

  it('does not quote an unexpected error', async () => {
    const failed = await leaving(() => Promise.reject(new WorkflowNotFoundError('Devi', 'p', undefined)));
    expect(failed.message).not.toContain('Devi');
  });
});
