import { describe, expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listErring } from '../../src/temporal/errors/list-erring.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { broken, rawStart } from '../support/raw-client.js';
import { until } from '../support/until.js';

describe('the errored records of all processes, where some cannot be read', () => {
  it('are shown beside what cannot, with the reason, and the command ends with status 2', async () => {
    const organisation = generateOrganisation({ seed: 7, records: 30 });
    const { subject } = someEnrolment(organisation);
    observe(organisation, subject.id, { Gender: 'No such gender' }, subject.stamp);
    await withCli('cli-all', organisation, async (world) => {
      const { sangam, process, client, taskQueue, worker } = world;
      await world.caughtUp();
      await until('its row is listed', async () => (await listRows(client, process)).length === 1);
      const well = await sangam('errors', process);
      expect(well).toMatchObject({ status: 1, error: '' });

      // Of a process that is none, with a memo that no decoder takes: all that tells of it is its
      // list.
      const [odd, workflowId] = ['cli-all/none', 'cli-all/none/errored/A/1'];
      const start = { workflowType: 'erroredRecord', workflowId, taskQueue: `${taskQueue}-of-nobody`, memo: { row: broken.noJson } };
      await rawStart(client, { ...start, searchAttributes: { IntegrationProcess: odd, EntityType: 'A' } }, broken.noJson);
      await worker.end('SIGKILL');
      try {
        await until('it is listed', async () => (await listErring(client)).includes(odd));
        const all = await sangam('errors');
        expect(all).toMatchObject({ status: 2, error: '' });
        expect(all.out).toContain(`${odd}: its errored records cannot be read\n  Nothing is known of a process "${odd}"`);
        expect(all.out).toContain(`1 workflows look like its errored records and cannot be read, e.g. "${workflowId}"`);
        expect(all.out).toMatch(new RegExp(`${process}: errored records: 1 open[^]*Beneficiary, CodeMissing: 1`));
        const json = JSON.parse((await sangam('errors', '--json')).out) as { process: string }[];
        expect(json).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ process: odd, notRead: expect.any(String) }),
            expect.objectContaining({ process, open: 1, silent: true }),
          ]),
        );
      } finally {
        await client.workflow.getHandle(workflowId).terminate('test');
      }
    });
  }, 240_000);
});
