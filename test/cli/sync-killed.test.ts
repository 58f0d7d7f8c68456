import { describe, expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

const REFUSAL = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'business-rule', diagnostics: 'Not now' }] };

describe('one record at a terminal', () => {
  it('is brought over though the worker is killed in the middle, and its command is told', async () => {
    const organisation = generateOrganisation({ seed: 8, records: 30 });
    const { subject } = someEnrolment(organisation);
    await withCli('cli-killed', organisation, async ({ sangam, process, fhir, worker, caughtUp }) => {
      await caughtUp();
      // Older than any cycle takes up again: only the request brings it.
      observe(organisation, subject.id, { 'First name': 'Asha' }, subject.stamp);
      let sending = false;
      fhir.watchers.push(({ body }) => void (sending ||= body.includes('Asha')));
      fhir.faults.push({ path: '/fhir', body: 'Asha', do: 'hang' });
      const answer = sangam('sync', process, 'Beneficiary', subject.id);
      await until('it writes', () => sending);
      await worker.end('SIGKILL');
      fhir.faults.length = 0;
      await worker.start();
      expect(await answer).toMatchObject({ status: 0, error: '', out: expect.stringContaining(`Beneficiary ${subject.id}: updated.`) });
      expect(JSON.stringify(fhir.repository.all('Patient'))).toContain('Asha');
    });
  }, 240_000);

  it('leaves no row of its own where it waits on another one, though that one was tried', async () => {
    const organisation = generateOrganisation({ seed: 8, records: 30 });
    const { subject, enrolment } = someEnrolment(organisation);
    await withCli('cli-waits', organisation, async ({ sangam, process, client, fhir, caughtUp }) => {
      const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body: REFUSAL };
      fhir.faults.push({ path: '/fhir', body: `${process}/Beneficiary/${subject.id}`, do: { respond } });
      await caughtUp();
      const held = await sangam('sync', process, 'Enrolment', enrolment.id);
      expect(held.out).toContain(`held. It waits on Beneficiary ${subject.id}`);
      await until('its parent alone is listed', async () => {
        const all = await listRows(client, process);
        return all.length === 1 && all[0]?.entityType === 'Beneficiary' && all[0].waiting > 0;
      });
      fhir.faults.length = 0;
      expect((await sangam('sync', process, 'Beneficiary', subject.id)).out).toMatch(/: created/);
      await until('nothing is left', async () => (await listRows(client, process)).length === 0);
    });
  }, 240_000);
});
