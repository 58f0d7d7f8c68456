import { expect, it } from '@jest/globals';
import { resourceId } from '../../src/connectors/derived-id.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { withClinic } from '../support/clinic-world.js';
import { countRows, dependents, observe, rowsReach, someSubjects } from '../support/errors-world.js';

it('a record that cannot be read, and is voided then, goes from the destination with its children', async () => {
  await withClinic({ records: 120, edits: [AT_ONCE] }, async ({ avni, fhir, client, start, caughtUp, looks, differences }) => {
    const { organisation } = avni;
    const record = someSubjects(organisation, 120, 1).find((each) => dependents(organisation, [each]).size > 0);
    if (!record) throw new Error('There must be a subject with children');
    await start();
    await caughtUp();
    expect(await differences()).toEqual([]);
    const patient = `Patient/${resourceId('clinic', 'Beneficiary', [], record.id, 'main')}`;
    const valid = (each: object): boolean => !('status' in each) || each.status !== 'entered-in-error';
    const children = (): number =>
      fhir.repository.all().filter((each) => JSON.stringify(each).includes(`"${patient}"`) && valid(each)).length;
    expect(children()).toBeGreaterThan(0);
    observe(organisation, record.id, { 'Last check date': 'long ago' });
    await looks('it is an error', async () => (await countRows(client)) > 0);
    const [row] = await rowsReach(client, 'its row is listed', (rows) => rows.length > 0);
    expect(row).toMatchObject({ id: record.id, errorType: 'Unreadable' });
    organisation.change(record.id, { voided: true });
    await looks('it is away, with its children', async () => (await differences()).length === 0);
    expect(children()).toBe(0);
    await rowsReach(client, 'nothing is open', (rows) => rows.length === 0);
  });
}, 120_000);
