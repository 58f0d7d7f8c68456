import { describe, expect, it } from '@jest/globals';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import { PROCESS, withClinic } from '../support/clinic-world.js';
import { broken, rawSignal } from '../support/raw-client.js';
import { until } from '../support/until.js';

const ERRORS = `${PROCESS}/errors`;

describe('a regular process', () => {
  it('starts its error process where that is missing, from the first on and after it was lost; and lives through bytes that are no message', async () => {
    await withClinic({ records: 40 }, async ({ start, caughtUp, client, reaches }) => {
      const handle = await start();
      await caughtUp();
      const errors = client.workflow.getHandle(ERRORS);
      const first = await errors.describe();
      expect(first.status.name).toBe('RUNNING');
      await errors.terminate('lost');
      await handle.signal('runNow');
      const second = await until('another one', async () => {
        const each = await errors.describe();
        return each.status.name === 'RUNNING' && each;
      });
      expect(second.raw.workflowExecutionInfo?.firstRunId).not.toBe(first.raw.workflowExecutionInfo?.firstRunId);
      await until('it works', async () => {
        const { state } = await errors.query<ErrorsStatus>('status');
        return state === 'idle';
      });
      await rawSignal(client, PROCESS, 'pause', broken.noJson);
      await reaches('refused', (s) => s.state === 'idle' && s.notes.some((note) => note.includes('pause: its payload cannot be decoded')));
    });
  });
});
