import { describe, expect, it } from '@jest/globals';
import { errorsId } from '../../workflows/ids.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic } from '../support/clinic-world.js';
import { breakRecord, mend, onePass, retryAll, rowsReach } from '../support/errors-world.js';
import type { ErrorProcessResult } from '../../src/model/turns.js';

const SELDOM: [string, string] = [
  '    every: 1 minute\n',
  '    every: 1 hour\n    errors: { every: 1 hour, backOff: { first: 1 hour }, stopAfter: { consecutive: 2 } }\n',
];
const REFUSAL = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'business-rule', diagnostics: 'Not this one' }] };

describe('a process that left children for too many failures', () => {
  it('records them after resume, at once, and goes on with the next pass as before', async () => {
    await withClinic({ records: 120, edits: [AT_ONCE, SELDOM] }, async (world) => {
      const { avni, fhir, client } = world;
      const checks = avni.organisation
        .all()
        .filter(({ kind, voided, body }) => kind === 'encounter' && !voided && body['Encounter date time']);
      const of = (id: string) => checks.filter(({ body }) => body['Subject ID'] === id && body['Cancel date time'] === null);
      const [parent] = avni.organisation
        .all()
        .filter(({ kind, voided }) => kind === 'subject' && !voided)
        .sort((a, b) => of(b.id).length - of(a.id).length);
      if (!parent) throw new Error('no subject');
      const children = of(parent.id).length;
      expect(children).toBeGreaterThan(2);
      breakRecord(avni.organisation, parent);
      const handle = await world.start();
      await world.caughtUp();
      await rowsReach(client, 'its children wait', ([row, ...others]) => others.length === 0 && (row?.waiting ?? 0) >= children);

      const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body: REFUSAL };
      fhir.faults.push({ path: '/fhir', body: 'clinic/maternal-health/HealthCheck/', do: { respond } });
      mend(avni.organisation, parent);
      await retryAll(client);
      const reaches = (what: string, fits: (status: ProcessStatus['errors']) => boolean): Promise<unknown> =>
        world.reaches(what, ({ errors }) => fits(errors));
      await reaches('stopped', (s) => s.state === 'stopped' && s.failure?.code === 'TooManyErrors' && s.nextRun !== undefined);
      const result = (await client.workflow.getHandle(errorsId(PROCESS)).result()) as ErrorProcessResult;
      expect(result.failing['Beneficiary']?.recent).toMatch(/^\.*$/);
      await rowsReach(client, 'they wait still', ([row, ...others]) => others.length === 0 && row?.waiting === children);

      await handle.signal('resume');
      await rowsReach(
        client,
        'each has a row',
        (rows) => rows.length === children && rows.every(({ entityType }) => entityType === 'HealthCheck'),
      );
      await reaches('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);

      fhir.faults.length = 0;
      await retryAll(client);
      await onePass(client);
      await rowsReach(client, 'nothing is open', (rows) => rows.length === 0);
      expect(await world.differences()).toEqual([]);
    });
  }, 180_000);
});
