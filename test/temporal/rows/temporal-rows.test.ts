import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { classifier } from '../../../src/errors/classify.js';
import type { RecordError } from '../../../src/errors/record-error.js';
import { silent } from '../../../src/log.js';
import type { RecordErrored } from '../../../src/sync/failures.js';
import { listRows } from '../../../src/temporal/rows/list-rows.js';
import { rowId } from '../../../src/temporal/rows/row-id.js';
import { TemporalRows } from '../../../src/temporal/rows/temporal-rows.js';
import type { RowStatus } from '../../../workflows/errored/status.js';
import { idle } from '../../support/fake-activities.js';
import { withProcess, type Harness } from '../../support/process-harness.js';
import { until } from '../../support/until.js';

const stamp = '2026-01-01T00:00:00.000Z';
const classify = classifier(
  [
    {
      name: 'AddressNotFound',
      matches: "(?<who>\\w+ \\w+): Address '(?<address>.*)' not found",
      keep: ['address'],
      then: 'retry',
      remedy: 'Add it.',
    },
  ],
  'retry',
);
const error: RecordError = {
  code: 'Refused',
  message: 'The destination refused it.',
  remedy: 'r',
  status: 422,
  detail: "Asha Devi: Address 'Hosahalli' not found",
};

function errored(id: string, version = 'v1'): RecordErrored {
  return { kind: 'errored', entityType: 'A', id, version, stamp, error: classify(error) };
}

function open({ client, process, taskQueue }: Harness, digest = 'd'): Promise<TemporalRows> {
  return TemporalRows.open({
    client,
    taskQueue,
    log: silent,
    process,
    digest,
    errors: {
      cadence: { every: 1 },
      attempts: 2,
      backOff: { first: 60_000, longest: 60_000 },
      unclassified: 'retry',
      stopAfter: { consecutive: 25, share: 0.5, open: 5_000 },
    },
    link: (entityType, id) => `https://emr/${entityType}/${encodeURIComponent(id)}`,
    pinned: () => ({ host: 'emr' }),
    now: () => Date.now(),
  });
}

const handleOf = ({ client, process }: Harness, id: string): WorkflowHandle => client.workflow.getHandle(rowId(process, 'A', id));
const statusOf = (harness: Harness, id: string): Promise<RowStatus> => handleOf(harness, id).query<RowStatus>('status');

async function listed(harness: Harness, count: number): Promise<void> {
  await until(`${count} rows are listed`, async () => (await listRows(harness.client, harness.process)).length === count);
}

describe('rows on Temporal', () => {
  it('are opened once, however often a failure is told; and hold their children', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      await rows.record([errored('r'), errored('r')]);
      const held = { kind: 'held', entityType: 'B', id: 'c', version: 'v', stamp, on: { entityType: 'A', id: 'r' } } as const;
      await rows.record([held, errored('r'), held]);
      const row = await statusOf(harness, 'r');
      expect(row).toMatchObject({ attempts: 1, waiting: [{ entityType: 'B', id: 'c', version: 'v' }], link: 'https://emr/A/r' });
      expect(await rows.waitingOn('A', 'r')).toEqual(row.waiting);
      expect(await rows.waitingOn('A', 'never failed')).toEqual([]);
      await listed(harness, 1);
      expect((await open(harness)).find('A', 'r')).toMatchObject({ version: 'v1', state: 'failing', waiting: 1 });
    });
  });

  it('count attempts of the same version under the same definition, and then wait for a person', async () => {
    await withProcess(idle, async (harness) => {
      await (await open(harness)).record([errored('r')]);
      await listed(harness, 1);
      const rows = await open(harness);
      await rows.failedAgain(errored('r'));
      expect(await statusOf(harness, 'r')).toMatchObject({ attempts: 2 });
      expect((await statusOf(harness, 'r')).retryAt).toBeUndefined();
      await (await open(harness, 'another definition')).failedAgain(errored('r'));
      expect(await statusOf(harness, 'r')).toMatchObject({ attempts: 1, retryAt: expect.any(String) });
      await rows.failedAgain(errored('r', 'v2'));
      expect(await statusOf(harness, 'r')).toMatchObject({ attempts: 1, failure: { version: 'v2' } });
    });
  });

  it('are told what is in step or gone, and take no notice where they are closed', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      await rows.record([errored('r'), errored('g')]);
      await rows.inStep([
        { entityType: 'A', id: 'r', version: 'v1', stamp },
        { entityType: 'A', id: 'unknown', version: 'v1', stamp },
      ]);
      expect(await handleOf(harness, 'r').result()).toMatchObject({ result: 'synced' });
      await rows.settled({ entityType: 'A', id: 'g' }, { gone: true });
      expect(await handleOf(harness, 'g').result()).toMatchObject({ result: 'gone' });
      await rows.settled({ entityType: 'A', id: 'g' }, { gone: true });
      await rows.settled({ entityType: 'A', id: 'never' }, { synced: { entityType: 'A', id: 'never', version: 'v', stamp } });
      expect(rows.countFailing()).toBe(0);
    });
  });

  it('count as failing neither where a person ignores them, nor where children merely wait on or by them', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      const waiting = { kind: 'held', entityType: 'B', id: 'c', version: 'v', stamp, on: { entityType: 'A', id: 'missing' } } as const;
      const aside = { ...errored('aside'), error: { ...errored('aside').error, then: 'ignore' as const } };
      const held = { ...errored('held'), error: classify({ code: 'ParentFailing', message: 'm', remedy: 'r' }) };
      await rows.record([errored('r'), errored('i'), aside, held, waiting]);
      expect(rows.countFailing()).toBe(2);
      expect([...rows.failingByType()]).toEqual([[errored('r').error.errorType, 2]]);
      await handleOf(harness, 'i').signal('ignore', { reason: 'known' });
      await until('all are listed as they are', async () => {
        const now = await listRows(harness.client, harness.process);
        return now.length === 5 && now.filter(({ state }) => state === 'ignored').length === 2;
      });
      expect((await open(harness)).countFailing()).toBe(1);
    });
  });

  it('use up no attempt while their record waits on its parent: it follows by itself, and has those left that it had', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      await rows.record([errored('r')]);
      const waits = { ...errored('r'), error: classify({ code: 'ParentFailing', message: 'm', remedy: 'r' }) };
      for (let time = 0; time < 4; time += 1) await rows.failedAgain(waits);
      const waiting = await until('told', async () => {
        const row = await statusOf(harness, 'r');
        return row.failure?.error.code === 'ParentFailing' && row;
      });
      expect(waiting).toMatchObject({ attempts: 1, retryAt: expect.any(String) });
      await rows.failedAgain(errored('r'));
      const last = await until('failed itself', async () => {
        const row = await statusOf(harness, 'r');
        return row.attempts === 2 && row;
      });
      expect(last.failure?.error.code).toBe('Refused');
      expect(last.retryAt).toBeUndefined();
    });
  });

  it('know where a record is in step on which children wait', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      const held = { kind: 'held', entityType: 'B', id: 'c', version: 'v', stamp, on: { entityType: 'A', id: 'r' } } as const;
      await rows.record([errored('r'), errored('s'), held]);
      await rows.inStep([{ entityType: 'A', id: 's', version: 'v1', stamp }]);
      expect(rows.wakes).toBe(false);
      await rows.inStep([{ entityType: 'A', id: 'r', version: 'v1', stamp }]);
      expect(rows.wakes).toBe(true);
      expect(await statusOf(harness, 'r')).toMatchObject({ state: 'releasing', waiting: [{ id: 'c' }] });
    });
  });

  it('keep nothing of an error’s text but what its type names as harmless', async () => {
    await withProcess(idle, async (harness) => {
      const rows = await open(harness);
      await rows.record([errored('r')]);
      await rows.failedAgain(errored('r'));
      const handle = handleOf(harness, 'r');
      const details = await handle.query('__temporal_workflow_metadata');
      const [status, description, history] = [await statusOf(harness, 'r'), await handle.describe(), await handle.fetchHistory()];
      // Payloads are bytes: seen as text wherever they are.
      const text = [status, description, details, history].map((each) => readable(each)).join('\n');
      expect(text).toContain('Hosahalli');
      expect(text).not.toMatch(/Asha|Devi/);
      expect(status.failure?.error.kept).toEqual({ address: 'Hosahalli' });
    });
  });
});

function readable(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint') return String(each);
    if (each instanceof Uint8Array) return Buffer.from(each).toString();
    if (typeof each === 'object' && each !== null && 'type' in each && each.type === 'Buffer' && 'data' in each)
      return Buffer.from(each.data as number[]).toString();
    return each;

    it('gives children that no source can list rows of their own before their parent’s row says no more than “all”', () =>
      withProcess(idle, async (harness) => {
        const rows = await open(harness);
        const held = Array.from({ length: 1_003 }, (_, each) => ({
          kind: 'held' as const,
          entityType: 'B',
          id: `b${each}`,
          version: 'v1',
          stamp,
          on: { entityType: 'A', id: 'a1' },
          alone: classify({ code: 'ParentFailing', message: 'It depends on another.', remedy: 'Mend that.' }),
        }));
        await rows.record([errored('a1'), ...held]);
        await rows.record(held.slice(1_000));
        expect(await rows.waitingOn('A', 'a1')).toHaveLength(1_000);
        await until('all rows are listed', async () => (await listRows(harness.client, harness.process)).length === 4);
        const ids = (await listRows(harness.client, harness.process)).map(({ id }) => id);
        expect(ids.sort()).toEqual(['a1', 'b1000', 'b1001', 'b1002']);
      }));
  });
}
