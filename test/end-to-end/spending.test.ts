import { describe, expect, it } from '@jest/globals';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

/** Events in the histories of these workflows of the process, all runs together. */
async function events({ client, taskQueue }: ClinicWorld, fits: (workflowId: string, runId: string) => boolean): Promise<number> {
  let sum = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` }))
    if (fits(workflowId, runId)) sum += (await client.workflow.getHandle(workflowId, runId).describe()).historyLength;
  return sum;
}

const page = (size: number, before: string): [string, string] => [before, `    connector: avni\n    pageSize: ${size}\n`];

describe('what a process spends', () => {
  it('is at most 130 events for a cycle of four busy types, and 13 for an idle one that is asked for', async () => {
    await withClinic({ records: 200 }, async (world) => {
      const handle = await world.start();
      expect((await world.caughtUp()).cycle).toBe(1);
      expect(await events(world, () => true)).toBeLessThanOrEqual(130);
      // Idle cycles share one run.
      const lengths: number[] = [];
      for (const cycle of [2, 3, 4]) {
        await handle.signal('runNow');
        await world.reaches('an idle cycle is over', (s) => s.cycle === cycle && s.state === 'idle' && s.nextRun !== undefined);
        lengths.push((await world.client.workflow.getHandle(PROCESS).describe()).historyLength);
      }
      const [, second = 0, third = 0] = lengths;
      expect(third - second).toBeGreaterThan(0);
      expect(third - second).toBeLessThanOrEqual(13);
    });
  }, 120_000);

  it('is, from pause on, only the writes in flight, however large a page is', async () => {
    const concurrency = 2;
    const oneByOne: [string, string] = ['    connector: fhir\n', `    connector: fhir\n    bundle: 1\n    concurrency: ${concurrency}\n`];
    await withClinic({ records: 1500, latency: 30, edits: [page(50, '    connector: avni\n'), oneByOne] }, async (world) => {
      const { fhir, avni, definition } = world;
      const writes = (): number => fhir.requests.filter((each) => each.startsWith('PUT')).length;
      const handle = await world.start();
      let next = 10;
      for (const size of [50, 1000]) {
        await until('writing', () => writes() >= next, 60_000);
        await handle.signal('pause');
        const atPause = writes();
        await world.reaches('paused', (s) => s.state === 'paused');
        expect(fhir.inFlight() + avni.inFlight()).toBe(0);
        const after = writes();
        // Fewer than a page of 50 would still have to write, let alone one of 1,000, of which some
        // 400 were left.
        expect(after - atPause).toBeLessThan(size === 50 ? 50 : 200);
        await world.reaches('still paused', (s) => s.state === 'paused');
        expect(writes()).toBe(after);
        if (size === 50) await definition.edit(page(1000, '    connector: avni\n    pageSize: 50\n'));
        next = after + 30;
        await handle.signal('resume');
      }
    });
  }, 120_000);
});
