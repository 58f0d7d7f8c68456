import { describe, expect, it } from '@jest/globals';
import { withClinic } from '../support/clinic-world.js';
import { breakRecord, CHANGES_SELDOM, mend, onePass, retryAll, rowsReach, someSubjects } from '../support/errors-world.js';

const QUOTA = '  QuotaReached: { status: 422, contains: quota, then: stop, remedy: "Ask the operator of the EMR for more." }';

describe('an error type that says stop', () => {
  it('ends a pass over errored records, which says so and leaves every row as it was; the next one heals all', async () => {
    const edits: [string, string][] = [CHANGES_SELDOM, ['processes:\n', `errorTypes:\n${QUOTA}\nprocesses:\n`]];
    await withClinic({ records: 100, edits }, async ({ avni, fhir, client, start, caughtUp, reaches, differences }) => {
      const failing = someSubjects(avni.organisation, 5, 3);
      for (const record of failing) breakRecord(avni.organisation, record);
      await start();
      await caughtUp();
      await rowsReach(client, '5 rows', (rows) => rows.length === 5);
      for (const record of failing) mend(avni.organisation, record);
      const body = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'other', diagnostics: 'The quota is reached' }] };
      const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body };
      fhir.faults.push({ method: 'POST', path: '/fhir', body: '"url":"Patient/', do: { respond } });
      fhir.faults.push({ method: 'PUT', path: '/fhir/Patient', do: { respond } });
      await retryAll(client);
      const { errors } = await reaches('stopped', (status) => status.errors.state === 'stopped');
      expect(errors.failure).toMatchObject({
        entityType: 'Beneficiary',
        code: 'QuotaReached',
        remedy: 'Ask the operator of the EMR for more.',
      });
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
