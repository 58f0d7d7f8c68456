import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { withCli } from '../support/cli-world.js';
import { until } from '../support/until.js';

it('says what it waits for while a system hangs, whether it plans or writes', async () => {
  await withCli(
    'cli-waits',
    generateOrganisation({ seed: 9, records: 30 }),
    async (world) => {
      const { sangam, process, client, taskQueue, avni, fhir } = world;
      const says = (what: RegExp): Promise<unknown> =>
        until(`status says ${what}`, async () => what.test((await sangam('status', process)).out), 60_000);
      avni.faults.push({ path: '/api/', do: 'hang' });
      await client.workflow.start('integrationProcess', { workflowId: process, taskQueue, args: [{ process }] });
      await says(/Waiting \d+ s for an answer of (GET|POST) http:\/\/127\.0\.0\.1:\d+\./);
      avni.faults.length = 0;
      fhir.faults.push({ path: 'Encounter', do: 'hang' });
      await says(/Waiting \d+ s for an answer of (GET|POST|PUT) http:\/\/127\.0\.0\.1:\d+\./);
      expect((await sangam('status')).out).toMatch(/ {2}cli-waits\/maternal-health: .*Waiting \d+ s for an answer of /);
    },
    { SANGAM_REQUEST_TIMEOUT: '20000' },
  );
}, 240_000);
