import { ApplicationFailure } from '@temporalio/activity';
import { describe, expect, it } from '@jest/globals';
import { idle } from '../support/fake-activities.js';
import { healed, retryUntilCancelled, retrying, rowsOf } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';

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
