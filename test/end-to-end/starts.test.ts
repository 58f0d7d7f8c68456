import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { readStatus } from '../../src/temporal/read-status.js';
import { readBookmarks } from '../../src/temporal/read-bookmarks.js';
import { until } from '../support/until.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { isWrite } from '../support/is-write.js';

const AT = '2026-01-01T00:00:00.000Z';

/** Starts with this input, and gives why the process refused. */
async function refusal(
  { client, taskQueue }: ClinicWorld,
  input: unknown,
  workflowId = PROCESS,
): Promise<{ type: string; message: string }> {
  const handle = await client.workflow.start('integrationProcess', { workflowId, taskQueue, args: [input] });
  return handle.result().then(
    () => ({ type: 'none', message: 'it was not refused' }),
    (error: unknown) => (error as { cause: { type: string; message: string } }).cause,
  );
}

describe('the start of a process', () => {
  it('is refused in words where it is wrong, and accepted where bookmarks of other systems are meant', async () => {
    await withClinic({ records: 40 }, async (world) => {
      const { client } = world;
      expect(await refusal(world, { process: 'clinic/nothing' }, 'clinic/nothing')).toMatchObject({
        type: 'UnknownProcess',
        message: expect.stringContaining(PROCESS) as unknown,
      });
      expect(await refusal(world, { process: PROCESS }, 'clinic/other')).toMatchObject({
        type: 'WrongWorkflowId',
        message: expect.stringContaining(`--workflow-id ${PROCESS}`) as unknown,
      });
      for (const nothing of [undefined, null, 'clinic/maternal-health', {}])
        expect(await refusal(world, nothing)).toMatchObject({ type: 'InvalidInput' });
      for (const bookmarks of [
        'yesterday',
        [AT],
        { Beneficiary: 'yesterday' },
        { Beneficiary: { v: 2, at: AT } },
        { Beneficiary: { v: 1, at: AT, place: 'x'.repeat(5_000) } },
        { Beneficiary: { v: 1, at: AT, more: true } },
        { Nobody: AT },
      ])
        expect(await refusal(world, { process: PROCESS, bookmarks })).toMatchObject({
          type: 'InvalidBookmarks',
          message: expect.stringMatching(/^bookmarks/) as unknown,
        });
      const elsewhere = { Beneficiary: { v: 1, at: AT, systems: 'another+one' } };
      expect(await refusal(world, { process: PROCESS, bookmarks: elsewhere })).toMatchObject({
        type: 'SystemsChanged',
        message: expect.stringContaining('"acceptSystems": true') as unknown,
      });
      expect(world.fhir.requests.filter(isWrite)).toEqual([]);

      await world.start({ bookmarks: elsewhere, acceptSystems: true });
      await expect(world.start()).rejects.toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
      const status = await world.caughtUp();
      const kept = await readBookmarks(client, PROCESS, []);
      expect(kept['Beneficiary']).toEqual(status.types['Beneficiary']?.bookmark);
      expect(kept['Beneficiary']?.systems).toBe(kept['HealthCheck']?.systems);
      expect(kept['Beneficiary']?.systems).not.toBe('another+one');

      await client.workflow.getHandle(PROCESS).terminate('by mistake');
      const left = await readBookmarks(client, PROCESS, []);
      for (const wrong of [{ bookmarks: { Nobody: AT } }, { bookmarks: 5 }, { bookmarks: { Beneficiary: '2099-01-01T00:00:00Z' } }]) {
        expect(await refusal(world, { process: PROCESS, ...wrong })).not.toMatchObject({ type: 'none' });
        // What a wrong start was given does not hide where the process got to.
        await until('the runs before are listed', async () => isDeepStrictEqual(await readBookmarks(client, PROCESS, []), left));
      }
      expect(await readStatus(client, PROCESS)).toMatchObject({
        noStatus: expect.stringMatching(/its start was refused\. bookmarks.* lies in the future.*npx sangam bookmarks/) as unknown,
        bookmarks: left,
      });
      await world.start({ bookmarks: left });
      await world.caughtUp();

      await client.workflow.getHandle(PROCESS).cancel();
      await until('it has ended', async () => (await client.workflow.getHandle(PROCESS).describe()).status.name === 'CANCELLED');
      expect(await readStatus(client, PROCESS)).toMatchObject({ state: 'cancelled' });
    });
  }, 120_000);
});
