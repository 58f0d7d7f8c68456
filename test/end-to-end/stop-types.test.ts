import { describe, expect, it } from '@jest/globals';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import { withClinic } from '../support/clinic-world.js';
import { breakRecord, ERRORS, mend, onePass, retryAll, rowsReach, someSubjects } from '../support/errors-world.js';
import { until } from '../support/until.js';

const QUOTA = '  QuotaReached: { status: 422, contains: quota, then: stop, remedy: "Ask the operator of the EMR for more." }';

describe('an error type that says stop', () => {
  it('ends a pass of the error process, which says so and leaves every row as it was; the next one heals all', async () => {
    const edits: [string, string][] = [['processes:\n', `errorTypes:\n${QUOTA}\nprocesses:\n`]];
    await withClinic({ records: 100, edits }, async ({ avni, fhir, client, start, caughtUp, differences }) => {
      const failing = someSubjects(avni.organisation, 5, 3);
      for (const record of failing) breakRecord(avni.organisation, record);
      const handle = await start();
      await caughtUp();
      await rowsReach(client, '5 rows', (rows) => rows.length === 5);
      await handle.signal('pause', { only: true });
      for (const record of failing) mend(avni.organisation, record);
      await retryAll(client);
      const body = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'other', diagnostics: 'The quota is reached' }] };
      const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body };
      fhir.faults.push({ method: 'POST', path: '/fhir', body: '"url":"Patient/', do: { respond } });
      fhir.faults.push({ method: 'PUT', path: '/fhir/Patient', do: { respond } });
      const errors = client.workflow.getHandle(ERRORS);
      await errors.signal('runNow');
      const { failure } = await until('it stopped', async () => {
        const status = await errors.query<ErrorsStatus>('status');
        return status.state === 'stopped' && status;
      });
      expect(failure).toMatchObject({ entityType: 'Beneficiary', code: 'QuotaReached', remedy: 'Ask the operator of the EMR for more.' });
      const rows = await rowsReach(client, '5 rows still', (open) => open.length === 5);
      expect(rows.map(({ attempts, errorType, retryAt }) => [attempts, errorType, retryAt !== undefined])).toEqual(
        rows.map(() => [0, 'CodeMissing', true]),
      );
      fhir.faults.length = 0;
      await onePass(client);
      await rowsReach(client, 'nothing is open', (open) => open.length === 0);
      expect(await differences()).toEqual([]);
    });
  }, 180_000);
});
