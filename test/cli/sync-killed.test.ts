import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { clinicEnv } from '../support/clinic.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

const SANGAM = join(fileURLToPath(new URL('../../', import.meta.url)), 'bin', 'sangam.js');
const REFUSAL = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'business-rule', diagnostics: 'Not now' }] };

describe('one record at a terminal', () => {
  it('is marked before it is written, so that the error process looks at it where the command is killed', async () => {
    const organisation = generateOrganisation({ seed: 8, records: 30 });
    const { subject } = someEnrolment(organisation);
    await withCli('cli-killed', organisation, async ({ process, client, avni, fhir, folder, caughtUp }) => {
      await caughtUp();
      const rows = () => listRows(client, process);
      // Older than any cycle takes up again: what the killed command leaves is the error process’ to find.
      observe(organisation, subject.id, { 'First name': 'Asha' }, subject.stamp);
      const env = {
        ...globalThis.process.env,
        ...clinicEnv(avni.url, fhir.url),
        TEMPORAL_ADDRESS: globalThis.process.env['SANGAM_TEST_TEMPORAL'] ?? '',
      };
      const args = [SANGAM, 'sync', process, 'Beneficiary', subject.id, '--integrations', folder.path];
      let sending = false;
      fhir.watchers.push(({ body }) => void (sending ||= body.includes('Asha')));
      fhir.faults.push({ path: '/fhir', body: 'Asha', do: 'hang' });
      const child = spawn(globalThis.process.execPath, args, { env, stdio: 'ignore' });
      const ended = once(child, 'exit');
      await until('it writes', () => sending);
      child.kill('SIGKILL');
      await ended;
      const [row, ...others] = await until('its row is listed', async () => {
        const all = await rows();
        return all.length > 0 && all;
      });
      expect([row, others]).toMatchObject([{ entityType: 'Beneficiary', id: subject.id, lookAgain: true }, []]);
      fhir.faults.length = 0;
      await client.workflow.getHandle(`${process}/errors`).signal('runNow');
      await until('it is looked at', async () => (await rows()).length === 0);
      expect(JSON.stringify(fhir.repository.all('Patient'))).toContain('Asha');
    });
  }, 240_000);

  it('leaves no row of its own where it waits on another one, though that one was tried', async () => {
    const organisation = generateOrganisation({ seed: 8, records: 30 });
    const { subject, enrolment } = someEnrolment(organisation);
    await withCli('cli-waits', organisation, async ({ sangam, process, client, fhir, taskQueue }) => {
      const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body: REFUSAL };
      fhir.faults.push({ path: '/fhir', body: `${process}/Beneficiary/${subject.id}`, do: { respond } });
      const held = await sangam('sync', process, 'Enrolment', enrolment.id, '--task-queue', taskQueue);
      expect(held.out).toContain(`held. It waits on Beneficiary ${subject.id}`);
      await until('its parent alone is listed', async () => {
        const all = await listRows(client, process);
        return all.length === 1 && all[0]?.entityType === 'Beneficiary' && all[0].waiting > 0;
      });
      fhir.faults.length = 0;
      expect((await sangam('sync', process, 'Beneficiary', subject.id, '--task-queue', taskQueue)).out).toMatch(/: created/);
      await until('nothing is left', async () => (await listRows(client, process)).length === 0);
    });
  }, 240_000);
});
