import { expect, it } from '@jest/globals';
import { resourceId } from '../../src/connectors/derived-id.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { withClinic } from '../support/clinic-world.js';
import { countRows, dependents, rowsReach, someSubjects } from '../support/errors-world.js';
import { until } from '../support/until.js';

it('a record with which the worker dies again and again becomes an error of its own, and all others go through', async () => {
  const edits: [string, string][] = [
    ['    connector: avni\n', '    connector: avni\n    pageSize: 4\n'],
    ['    connector: fhir\n', '    connector: fhir\n    bundle: 1\n'],
  ];
  await withClinic({ records: 40, edits }, async ({ avni, fhir, client, worker, start, caughtUp, differences }) => {
    const [killer] = someSubjects(avni.organisation, 1, 3);
    if (!killer) throw new Error('There must be a record');
    const affected = new Set([killer.id, ...dependents(avni.organisation, [killer]).keys()]);
    const path = `/fhir/Patient/${resourceId('clinic', 'Beneficiary', [], killer.id, 'main')}`;
    fhir.faults.push({ method: 'PUT', path, do: 'hang' });
    await start();
    for (let deaths = 0; ; deaths += 1) {
      expect(deaths).toBeLessThan(7);
      const seen = fhir.requests.length;
      const inHand = (): boolean => fhir.requests.slice(seen).includes(`PUT ${path}`);
      const next = await until(
        'it writes the record, or gives it up',
        async () => (inHand() ? 'dies' : (await countRows(client)) > 0),
        60_000,
        50,
      );
      if (next !== 'dies') break;
      await worker.end('SIGKILL');
      await worker.start();
    }
    await caughtUp(120_000);
    const [row, ...others] = await rowsReach(client, 'one row', (rows) => rows.length > 0);
    expect(others).toEqual([]);
    const status = await client.workflow.getHandle(row?.workflowId ?? '').query<RowStatus>('status');
    expect(status).toMatchObject({ id: killer.id, state: 'failing', failure: { error: { errorType: 'RecordKillsWorker' } } });
    expect(status.retryAt).toBeUndefined();
    expect((await differences()).filter((each) => !affected.has(each.split(' ')[1] ?? ''))).toEqual([]);
  });
}, 240_000);
