import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { registerSearchAttributes } from '../../src/temporal/register-search-attributes.js';
import type { EntityRetryInput, EntityRetryResult, RetryErroredInput } from '../../workflows/contracts.js';
import { idle } from '../support/fake-activities.js';
import { healed, retrying, rowsOf } from '../support/fake-retries.js';
import { withLateWorker } from '../support/late-worker.js';
import { timing } from '../support/process-harness.js';

const rows = rowsOf('1', '2', '3', '4', '5', '6', '7', '8', '9');
const input: EntityRetryInput = { v: 1, process: 'clinic/p', entityType: 'A', digest: 'd', until: '2026-02-01T00:00:00.000Z', timing };

/** A server that suggests to continue as new after so many events, instead of thousands. */
async function withImpatientServer(work: (server: TestWorkflowEnvironment) => Promise<void>): Promise<void> {
  const { path } = await findTemporal({ env: process.env, log: () => undefined });
  const set = (value: string): string[] => ['--dynamic-config-value', value];
  const extraArgs = [...set('limit.historyCount.suggestContinueAsNew=20'), ...set('history.workflowIdReuseMinimalInterval="0s"')];
  const server = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path }, extraArgs } });
  try {
    await registerSearchAttributes(server.connection, 'default');
    await work(server);
  } finally {
    await server.teardown();
  }
}

async function inputOf(handle: WorkflowHandle): Promise<EntityRetryInput> {
  const { events } = await handle.fetchHistory();
  return defaultPayloadConverter.fromPayload(events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0] ?? {});
}

describe('entityRetry', () => {
  it('continues as new between batches and goes on behind what was tried: none twice, none left out, all counted', async () => {
    await withImpatientServer(async (server) => {
      const runs = new Set<string>();
      const batches: RetryErroredInput[] = [];
      const { activities, tried } = retrying({
        open: { A: rows },
        limit: 1,
        answer: (batch) => {
          batches.push(batch);
          return healed(batch);
        },
      });
      await withLateWorker({ taskQueue: 'retry', activities: { ...idle, ...activities }, address: server.address }, async () => {
        const handle = await server.client.workflow.start('entityRetry', {
          workflowId: 'clinic/p/errors/A',
          taskQueue: 'retry',
          args: [input],
        });
        const sheet = { tried: 9, healed: 9, failing: 0, gone: 0, released: 0 };
        expect((await handle.result()) as EntityRetryResult).toEqual({ v: 1, sheet, after: rows[8], done: true });
        expect(tried).toEqual(rows.map(({ id }) => `A ${id}`));
        for await (const { runId, memo } of server.client.workflow.list({ query: `WorkflowId="clinic/p/errors/A"` })) {
          runs.add(runId);
          expect(memo).toHaveProperty('after.id');
        }
        expect(runs.size).toBeGreaterThan(2);
        // What a run hands on is final: a release must read what an earlier one left.
        const last = await inputOf(server.client.workflow.getHandle('clinic/p/errors/A', (await handle.describe()).runId));
        const done = last.sheet?.tried ?? 0;
        expect(done).toBeGreaterThan(0);
        expect(last).toEqual({
          ...input,
          sheet: { tried: done, healed: done, failing: 0, gone: 0, released: 0 },
          after: { id: `${done}`, firstFailedAt: rows[done - 1]?.firstFailedAt },
        });
        // And what is in its history of the batch in hand.
        expect(batches[0]).toEqual({ v: 1, process: 'clinic/p', entityType: 'A', digest: 'd', rows: [rows[0]] });
      });
    });
  });
});
