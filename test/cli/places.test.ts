import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

it('says what is true of the place of a record that cannot be read, with and without an errored record', async () => {
  const organisation = generateOrganisation({ seed: 8, records: 60 });
  const { subject } = someEnrolment(organisation);
  observe(organisation, subject.id, { 'Last check date': '31/02/2026' }, subject.stamp);
  await withCli('cli-places', organisation, async ({ sangam, process, client, avni, caughtUp }) => {
    // The older form of the API, which would tell its id, fails on it too.
    avni.watchers.push(({ query }) => {
      if (query.get('version') === '1') avni.faults.push({ path: '/api', times: 1, do: { respond: { status: 500 } } });
    });
    await caughtUp();
    const rows = (count: number) =>
      until(`${count} rows of places`, async () => {
        // Its children find that it cannot be read by its id, either.
        const listed = (await listRows(client, process)).filter(({ id }) => id.startsWith('@'));
        return listed.length === count && listed;
      });
    const place = (await rows(1))[0]?.id ?? '';
    expect(place).toMatch(/^@.*#\d+$/);

    const none = await sangam('sync', process, 'Beneficiary', '@2026-01-01T00:00:00.000Z#0');
    expect(none).toMatchObject({ status: 1, error: '' });
    expect(none.out).toMatch(/nothing stands there in its source that cannot be read, and it has no errored record/);

    const still = await sangam('sync', process, 'Beneficiary', place);
    expect(still).toMatchObject({ status: 1, error: '' });
    expect(still.out).toMatch(/errored, and open as an errored record\.\n[^]*Unreadable/);

    observe(organisation, subject.id, { 'Last check date': null });
    const free = await sangam('sync', process, 'Beneficiary', place);
    expect(free).toMatchObject({ status: 0, error: '' });
    expect(free.out).toMatch(/nothing stands there in its source that cannot be read any more. Its errored record closes/);
    await rows(0);
  });
}, 240_000);
