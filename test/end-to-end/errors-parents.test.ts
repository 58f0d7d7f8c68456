import { describe, expect, it } from '@jest/globals';
import { resourceId } from '../../src/connectors/derived-id.js';
import type { SimulatedRequest } from '../../src/simulators/server.js';
import type { StoredRecord } from '../../src/simulators/avni/organisation.js';
import { withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { breakRecord, CHANGES_SELDOM, dependents, mend, onePass, rowsReach, someSubjects } from '../support/errors-world.js';

const REFUSAL = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'business-rule', diagnostics: 'This person may not be registered here' }],
};

/** The destination refuses to create these people, alone or in a bundle. */
function refuse({ fhir }: ClinicWorld, subjects: StoredRecord[]): void {
  for (const { id } of subjects) {
    const target = `Patient/${resourceId('clinic', 'Beneficiary', [], id, 'main')}`;
    const respond = { status: 422, headers: { 'content-type': 'application/fhir+json' }, body: REFUSAL };
    fhir.faults.push({ method: 'POST', path: '/fhir', body: `"url":"${target}"`, do: { respond } });
    fhir.faults.push({ method: 'PUT', path: `/fhir/${target}`, do: { respond } });
  }
}

/** Ids of the records, other than subjects, that a request would write. */
function childrenIn({ method, path, body }: SimulatedRequest): string[] {
  if (method !== 'PUT' && !(method === 'POST' && /^\/fhir\/?$/.test(path))) return [];
  return [...body.matchAll(/"clinic\/maternal-health\/(?!Beneficiary\/)\w+\/([^"]+)"/g)].map(([, id]) => id ?? '');
}

describe('children of records that cannot be created', () => {
  it('are never sent while 200 parents fail, in that cycle or after, and all arrive once these are mended', async () => {
    await withClinic({ records: 1_500, edits: [CHANGES_SELDOM] }, async (world) => {
      const { avni, fhir, client } = world;
      const failing = someSubjects(avni.organisation, 200, 2);
      expect(failing).toHaveLength(200);
      const [unmapped, refused] = [failing.slice(0, 100), failing.slice(100)];
      for (const record of unmapped) breakRecord(avni.organisation, record);
      refuse(world, refused);
      const held = dependents(avni.organisation, failing);
      const sent: string[] = [];
      fhir.watchers.push((request) => sent.push(...childrenIn(request).filter((id) => held.has(id))));

      const handle = await world.start();
      const status = await world.caughtUp(180_000);
      expect(status.types['Beneficiary']?.total?.errored).toBe(200);
      // A list lags behind what rows were told.
      const rows = await rowsReach(client, `200 rows with ${held.size} children`, (each) => {
        const waiting = each.reduce((sum, row) => sum + row.waiting, 0);
        return each.length === 200 && waiting === held.size && each.every(({ errorType }) => errorType !== '');
      });
      expect(rows.map(({ id }) => id).sort()).toEqual(failing.map(({ id }) => id).sort());
      expect(sent).toEqual([]);

      const again = await onePass(client, 120_000);
      expect(again.sheets['Beneficiary']).toMatchObject({ tried: 200, failing: 200 });
      const before = await world.status();
      await handle.signal('runNow');
      await world.reaches('one more cycle', ({ cycle, nextRun }) => cycle > before.cycle && nextRun !== undefined, 120_000);
      await rowsReach(client, 'the rows stand', (each) => each.length === 200);
      expect(sent).toEqual([]);

      fhir.faults.length = 0;
      for (const record of unmapped) mend(avni.organisation, record);
      const last = await onePass(client, 120_000);
      expect(last.sheets['Beneficiary']).toMatchObject({ failing: 0, gone: 0 });
      await rowsReach(client, 'nothing is open', (each) => each.length === 0);
      expect(await world.differences()).toEqual([]);
      expect(sent).not.toEqual([]);
    });
  }, 400_000);
});
