import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { WorkflowHandle } from '@temporalio/client';
import { untilOthersEnd } from '../../activities/others-end.js';
import type { ProcessDefinition } from '../../src/definition/definition.js';
import { idle } from '../support/fake-activities.js';
import { untilCancelled } from '../support/fake-retries.js';
import { dependenciesOf } from '../support/plan-dependencies.js';
import { timing, withProcess, type Harness } from '../support/process-harness.js';
import { until } from '../support/until.js';

const QUIET = timing.heartbeatTimeout + timing.retryInterval;

const look = ({ client, process }: Harness): Promise<string | undefined> =>
  new MockActivityEnvironment().run(() =>
    untilOthersEnd({ id: process, entityTypes: [{ name: 'A' }] } as ProcessDefinition, dependenciesOf(client)),
  );

/** A child of an earlier run of this process, as if that had been terminated. */
const startChild = ({ client, process, taskQueue }: Harness): Promise<WorkflowHandle> =>
  client.workflow.start('recordSync', {
    workflowId: `${process}/record`,
    taskQueue,
    args: [{ v: 1, process, entityType: 'A', id: 'r', timing }],
  });

describe('a process that starts', () => {
  it('finds nobody who writes where no child of it was there, or it ended in order', async () => {
    const syncRecord = async () => ({ what: 'in step', hadRow: false }) as const;
    await withProcess({ ...idle, syncRecord }, async (harness) => {
      expect(await look(harness)).toBeUndefined();
      await (await startChild(harness)).result();
      expect(await look(harness)).toBeUndefined();
    });
  });

  it('waits for a child that runs, and, where that is terminated, until what it sent last must be over', async () => {
    let runs = false;
    const syncRecord = async () => {
      runs = true;
      await untilCancelled();
      return { what: 'in step', hadRow: false } as const;
    };
    await withProcess({ ...idle, syncRecord }, async (harness) => {
      const child = await startChild(harness);
      await until('it runs', () => runs);
      expect(Date.parse((await look(harness)) ?? '')).toBeGreaterThan(Date.now());
      const before = Date.now();
      await child.terminate('test');
      expect(Date.parse((await look(harness)) ?? '')).toBeGreaterThanOrEqual(before + QUIET);
      await until('it is quiet', async () => (await look(harness)) === undefined);
      expect(Date.now()).toBeGreaterThanOrEqual(before + QUIET);
    });
  });

  it('waits likewise after a child that ended with its activity lost', async () => {
    let tries = 0;
    const syncRecord = async () => {
      tries += 1;
      throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
    };
    await withProcess({ ...idle, syncRecord }, async (harness) => {
      const child = await startChild(harness);
      await until('its try is lost', () => tries === 1);
      const before = Date.now();
      await child.cancel();
      expect(await child.result()).toMatchObject({ lost: true });
      expect(Date.parse((await look(harness)) ?? '')).toBeGreaterThanOrEqual(before + QUIET);
    });
  });
});
