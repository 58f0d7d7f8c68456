import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { emptySheet } from '../../src/model/sheet.js';
import { readStatus } from '../../src/temporal/read-status.js';
import { recording } from '../support/fake-activities.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const sheet = (read: number) => ({ ...emptySheet, read, created: read });

describe('the status of a process that syncs', () => {
  it('counts what earlier activities of the turn did, and what the heartbeat knows of the one that runs', async () => {
    let release: () => void = () => undefined;
    const { activities, synced: ran } = recording(
      async ({ until: horizon }) => {
        if (ran.length === 1) return { ...synced(horizon, 5), bookmark: { v: 1, at: '2020-01-01T00:00:00.000Z' }, done: false };
        const bookmark = { v: 1 as const, at: '2021-01-01T00:00:00.000Z' };
        const beat = setInterval(() => Context.current().heartbeat({ v: 1, bookmark, sheet: sheet(7), findings: {} }), 100);
        await new Promise<void>((resolve) => (release = resolve));
        clearInterval(beat);
        return synced(horizon, 8);
      },
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, client, process, reaches }) => {
      await start();
      const live = await until('all is counted', async () => {
        const status = await readStatus(client, process);
        return 'types' in status && status.types['A']?.total?.read === 12 && status;
      });
      expect(live.types['A']).toMatchObject({ total: { read: 12, created: 12 }, bookmark: { at: '2021-01-01T00:00:00.000Z' } });
      release();
      const { types } = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(types['A']?.total?.read).toBe(13);
    });
  });
});
