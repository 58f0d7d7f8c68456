import { describe, expect, it } from '@jest/globals';
import { balances } from '../../src/model/sheet.js';
import { readBookmarks } from '../../src/temporal/read-bookmarks.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

const PAGES_OF_10: [string, string] = ['    connector: avni\n', '    connector: avni\n    pageSize: 10\n'];
const TYPES = ['Beneficiary', 'Enrolment', 'Growth', 'HealthCheck'];

function versions({ fhir }: ClinicWorld): string[] {
  return fhir.repository.all().map(({ resourceType, id, meta }) => `${resourceType}/${id} ${meta?.versionId}`);
}

describe('doing it again', () => {
  it('ends equal with nothing doubled after three times, and takes in what changes meanwhile', async () => {
    await withClinic({ records: 300, latency: 5, edits: [AT_ONCE] }, async (world) => {
      const { avni, fhir } = world;
      const handle = await world.start();
      await until('some are written', () => fhir.repository.all('Patient').length > 0);
      // Changed in the middle of the cycle: whether or not they were read already, they arrive in
      // this one or the next.
      const living = avni.organisation.all().filter(({ kind, voided }) => kind === 'subject' && !voided);
      const changed = [...living.slice(0, 3), ...living.slice(-3)];
      for (const { id, body } of changed)
        avni.organisation.change(id, { body: { observations: { ...(body['observations'] as object), 'First name': `Changed${id}` } } });
      const first = await world.caughtUp();
      await world.looks('what changed meanwhile arrives', () => {
        const patients = JSON.stringify(fhir.repository.all('Patient'));
        return changed.every(({ id }) => patients.includes(`Changed${id}`));
      });
      const before = versions(world);
      for (let time = 2; time <= 3; time += 1) {
        await handle.signal('pause');
        await world.reaches('paused', (s) => s.state === 'paused');
        for (const entityType of TYPES) await handle.executeUpdate('rewind', { args: [{ entityType, to: '1970-01-01T00:00:00Z' }] });
        await handle.signal('resume');
        await world.caughtUp();
      }
      const last = await world.caughtUp();
      expect(versions(world)).toEqual(before);
      expect(await world.differences()).toEqual([]);
      for (const name of TYPES) {
        const [once, thrice] = [first.types[name]?.total, last.types[name]?.total];
        expect(thrice && balances(thrice)).toBe(true);
        expect(thrice?.created).toBe(once?.created);
        expect(thrice?.read).toBeGreaterThanOrEqual(3 * (once?.read ?? 0));
      }
    });
  }, 240_000);

  it('goes on from the memos of process and child after both were lost in the middle of a first load', async () => {
    await withClinic({ records: 900, latency: 20, edits: [AT_ONCE, PAGES_OF_10], env: { SANGAM_SOFT_LIMIT: '100' } }, async (world) => {
      const { client, fhir, avni, worker } = world;
      const first = await world.start();
      const child = client.workflow.getHandle(`${PROCESS}/sync/Beneficiary`);
      await world.reaches('the child runs', (s) => s.child?.endsWith('/Beneficiary') === true);
      await until('some activities are over', async () => (await activitiesOver(world)) >= 3, 60_000);
      await worker.end('SIGKILL');
      await first.terminate('by mistake');
      await child.terminate('by mistake');
      const bookmarks = await until('the child’s memo is found', async () => {
        const found = await readBookmarks(client, PROCESS, []);
        return found['Beneficiary'] && found;
      });
      const at = Date.parse(bookmarks['Beneficiary']?.at ?? '');
      const subjects = avni.organisation.all().filter(({ kind }) => kind === 'subject');
      const passed = subjects.filter(({ stamp }) => stamp <= at);
      expect(passed.length).toBeGreaterThan(0);
      const written = JSON.stringify(fhir.repository.all('Patient'));
      const repeated = subjects.filter(({ stamp, id }) => stamp > at - 10_000 && written.includes(id)).length;
      expect(repeated).toBeLessThan(subjects.length);
      await worker.start();
      await world.start({ bookmarks });
      const { types } = await world.caughtUp();
      expect(await world.differences()).toEqual([]);
      // Repeated is what the lost activity, cut off at its soft limit, had written after the memo,
      // with a page in flight; and the overlap.
      expect(types['Beneficiary']?.total?.read).toBeLessThanOrEqual(subjects.filter(({ stamp }) => stamp > at - 10_000).length);
      expect(types['Beneficiary']?.total?.unchanged).toBeLessThanOrEqual(repeated + 10);
    });
  }, 240_000);
});

/** How many activities of the first child are over. */
async function activitiesOver({ client }: ClinicWorld): Promise<number> {
  const history = await client.workflow
    .getHandle(`${PROCESS}/sync/Beneficiary`)
    .fetchHistory()
    .catch(() => undefined);
  return history?.events?.filter(({ activityTaskCompletedEventAttributes: each }) => each).length ?? 0;
}
