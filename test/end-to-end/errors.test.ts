import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { AvniOrganisation, StoredRecord } from '../../src/simulators/avni/organisation.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { listRows, type ListedRow } from '../../src/temporal/rows/list-rows.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic } from '../support/clinic-world.js';
import { until } from '../support/until.js';

/** Changes observations; `stamp` is that of the change, now where it is not given. */
function observe(organisation: AvniOrganisation, id: string, observations: Record<string, unknown>, stamp?: number): void {
  const record = organisation.get(id);
  organisation.change(id, { body: { observations: { ...(record?.body['observations'] as object), ...observations } } }, stamp);
}

/** Subjects that are wanted and have an enrolment that is. */
function parentsOf(organisation: AvniOrganisation, count: number): StoredRecord[] {
  const enrolled = new Set(
    organisation.all().flatMap((each) => (each.kind === 'enrolment' && !each.voided ? [each.body['Subject ID']] : [])),
  );
  return organisation
    .all()
    .filter((each) => each.kind === 'subject' && !each.voided && enrolled.has(each.id))
    .slice(0, count);
}

function rowsSettle(client: Client, what: string, fits: (rows: ListedRow[]) => boolean): Promise<ListedRow[]> {
  return until(what, async () => {
    const rows = await listRows(client, PROCESS);
    return fits(rows) && rows;
  });
}

describe('errored records, end to end', () => {
  it('holds the children of what fails, goes on with all else, and heals when the records are mended', async () => {
    await withClinic({ records: 400, edits: [AT_ONCE] }, async (world) => {
      const { avni, fhir, client } = world;
      const broken = parentsOf(avni.organisation, 3);
      for (const { id, stamp } of broken) observe(avni.organisation, id, { Gender: 'No such gender' }, stamp);
      await world.start();
      const status = await world.caughtUp();
      const rows = await rowsSettle(client, 'three rows', (each) => each.length === 3);
      expect(rows.map(({ id }) => id).sort()).toEqual(broken.map(({ id }) => id).sort());
      expect(rows.every(({ errorType, waiting }) => errorType === 'CodeMissing' && waiting > 0)).toBe(true);
      expect(status.types['Beneficiary']?.total?.errored).toBe(3);
      expect(status.types['Enrolment']?.total?.held).toBeGreaterThan(0);
      const row = await client.workflow.getHandle(rowId(PROCESS, 'Beneficiary', broken[0]?.id ?? '')).query<RowStatus>('status');
      expect(row).toMatchObject({ state: 'failing', attempts: 1, failure: { error: { code: 'CodeMissing' } } });
      for (const { id } of broken) expect(fhir.repository.all().filter((each) => JSON.stringify(each).includes(id))).toEqual([]);
      for (const { id } of broken) observe(avni.organisation, id, { Gender: 'Female' });
      await world.looks('the changes arrive', async () => (await listRows(client, PROCESS)).length === 0);
      expect(await world.differences()).toEqual([]);
      const rests = await world.reaches('nothing is left to do', ({ state, errors }) => state === 'idle' && errors.state === 'idle');
      expect(rests.open).toEqual({});
    });
  }, 120_000);
});
