import { describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { withProcess } from '../support/process-harness.js';
import { randomActivities, runSchedule } from '../support/schedules.js';
import { Writings } from '../support/writings.js';

const SCHEDULES = 200;

describe('of one process', () => {
  it(`no two activities that write overlap, nor does one begin while a lost one may still write, over ${SCHEDULES} random schedules`, async () => {
    const writings = new Writings();
    const failed: string[] = [];
    await withProcess(randomActivities(writings), async ({ client, taskQueue }) => {
      const limit = pLimit(12);
      const run = (seed: number) =>
        runSchedule(client, taskQueue, seed, writings).catch((error: unknown) => failed.push(`seed ${seed}: ${String(error)}`));
      await Promise.all(
        Array.from({ length: SCHEDULES }, (_, index) => limit(() => (writings.overlaps.length + failed.length > 0 ? 0 : run(index + 1)))),
      );
    });
    // The name of each has its seed.
    expect(writings.overlaps).toEqual([]);
    expect(failed).toEqual([]);
    for (const what of ['syncChanges', 'retryErrored', 'syncRecord', 'terminated'])
      expect([what, writings.count(what) > 5]).toEqual([what, true]);
  }, 600_000);
});
