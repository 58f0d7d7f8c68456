import { ApplicationFailure } from '@temporalio/activity';
import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { lookAgainAfter as reallyLookAgainAfter } from '../../activities/look-again.js';
import { batchInHand } from '../../src/temporal/rows/batch-in-hand.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import type { RetryActivities } from '../../workflows/contracts.js';
import { idle } from '../support/fake-activities.js';
import { healed, retryUntilCancelled, retrying, rowsOf } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const open = { A: rowsOf('1', '2', '3') };

describe('a batch that is left by a lost worker', () => {
  it('is marked to be looked at again where its process is paused before Temporal’s retry', async () => {
    let tries = 0;
    const { activities, marked } = retrying({
      open,
      answer: (batch) => {
        if (++tries > 1) return healed(batch);
        throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      const errors = await startErrors();
      await errorsReach('a lost try', () => tries === 1);
      await errors.signal('pause', { reason: 'r' });
      await errorsReach('paused', ({ state }) => state === 'paused');
      expect(marked).toEqual(['A 1', 'A 2', 'A 3']);
      await errors.signal('resume');
      await errorsReach('healed', ({ lastPass }) => lastPass?.sheets['A']?.healed === 3);
    });
  });

  it('is marked where trying it failed in a way it should not', async () => {
    const { activities, marked } = retrying({
      open,
      answer: () => {
        throw ApplicationFailure.nonRetryable('lost', 'Defect');
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      await startErrors();
      await errorsReach('stopped', ({ state }) => state === 'stopped');
      expect(marked).toEqual(['A 1', 'A 2', 'A 3']);
    });
  });

  it('is marked where its child was terminated as well, by what stood in the history of that', async () => {
    let tries = 0;
    const { activities } = retrying({
      open,
      limit: 2,
      answer: (batch) => {
        if (++tries !== 2) return healed(batch);
        throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
      },
    });
    let client: Client | undefined;
    const lookAgainAfter: RetryActivities['lookAgainAfter'] = (input) =>
      reallyLookAgainAfter(input, { client, now: Date.now } as unknown as ActivityDependencies);
    await withProcess({ ...idle, ...activities, lookAgainAfter }, async (harness) => {
      ({ client } = harness);
      const { process, startErrors, errorsReach } = harness;
      const errors = await startErrors();
      await errorsReach('a lost try', () => tries === 2);
      await harness.client.workflow.getHandle(`${process}/errors/A`).terminate('by hand');
      await errorsReach('it says so', ({ failure }) => failure?.code === 'ChildFailed');
      const marked = await until('its batch alone is listed', async () => {
        const rows = await listRows(harness.client, process);
        return rows.length > 0 && rows;
      });
      expect(marked).toMatchObject([{ entityType: 'A', id: '3', lookAgain: true }]);

      // Between two batches nothing is in hand.
      await errors.signal('runNow');
      await errorsReach('healed', ({ lastPass, failure }) => lastPass?.sheets['A']?.healed === 1 && failure === undefined);
      expect(await batchInHand(harness.client, process, 'A')).toEqual([]);
      // As of a child that was deleted: to fail would be to ask for ever.
      expect(await batchInHand(harness.client, process, 'Deleted')).toEqual([]);
    });
  });

  it('is not marked where the activity says itself what it did', async () => {
    let tries = 0;
    const { activities, marked } = retrying({
      open,
      answer: async () => {
        tries += 1;
        return retryUntilCancelled(1);
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      const errors = await startErrors();
      await errorsReach('trying', () => tries === 1);
      await errors.signal('pause', { reason: 'r' });
      await errorsReach('paused', ({ state }) => state === 'paused');
      expect(marked).toEqual([]);
    });
  });
});
