import { describe, expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

describe('one record at a terminal', () => {
  it('is brought over with its parents, its row told, and no request made while the process is paused', async () => {
    const organisation = generateOrganisation({ seed: 8, records: 60 });
    const { enrolment, subject } = someEnrolment(organisation);
    observe(organisation, subject.id, { Gender: 'No such gender' }, subject.stamp);
    await withCli('cli-sync', organisation, async ({ sangam, process, client, avni, fhir, caughtUp }) => {
      const rows = () => listRows(client, process);
      const stored = (id: string) => fhir.repository.all().filter((each) => JSON.stringify(each.meta?.tag).includes(id)).length;

      const early = await sangam('sync', process, 'Enrolment', enrolment.id);
      expect(early).toMatchObject({ status: 1, out: '' });
      expect(early.error).toContain(`${process} does not run`);
      expect(early.error).toContain('temporal workflow start');

      await caughtUp();
      const held = await sangam('sync', process, 'Enrolment', enrolment.id);
      expect(held).toMatchObject({ status: 1, error: '' });
      expect(held.out).toContain(`held. It waits on Beneficiary ${subject.id}`);
      const shown = await sangam('errors', 'show', process, 'Enrolment', enrolment.id);
      expect(shown.out).toContain(`It would wait on Beneficiary ${subject.id}, which fails: CodeMissing`);
      await until('one row', async () => (await rows()).length === 1);
      const failed = await sangam('sync', process, 'Beneficiary', subject.id);
      expect(failed).toMatchObject({ status: 1, error: '' });
      expect(failed.out).toContain('CodeMissing');
      expect(failed.out).not.toContain('No such gender');
      await until('one attempt more', async () => (await rows())[0]?.attempts === 2);

      observe(organisation, subject.id, { Gender: 'Female' });
      const planned = await sangam('errors', 'show', process, 'Enrolment', enrolment.id);
      expect(planned.out).toMatch(
        /Before it: Beneficiary .* would be created: Patient\/[^]*Enrolment .* would be created: EpisodeOfCare\//,
      );
      expect(stored(subject.id) + stored(enrolment.id)).toBe(0);

      const handle = client.workflow.getHandle(process);
      await handle.signal('pause', { reason: 'EMR upgrade' });
      await until('paused', async () => (await handle.query<ProcessStatus>('status')).state === 'paused');
      const before = avni.requests.length + fhir.requests.length;
      const refused = await sangam('sync', process, 'Beneficiary', subject.id);
      expect(refused.status).toBe(1);
      expect(refused.error).toContain('is paused');
      const notRun = await sangam('errors', 'show', process, 'Beneficiary', subject.id);
      expect(notRun).toMatchObject({ status: 0, error: '' });
      expect(notRun.out).toMatch(/CodeMissing[^]*is paused/);
      expect(avni.requests.length + fhir.requests.length).toBe(before);

      const forced = await sangam('sync', process, 'Beneficiary', subject.id, '--anyway');
      expect(forced).toMatchObject({ status: 0, error: '' });
      expect(forced.out).toContain(`Beneficiary ${subject.id}: created. Its errored record closes`);
      expect(stored(subject.id)).toBe(1);
      // Those that waited came along.
      expect(stored(enrolment.id)).toBe(1);
      await until('the row is closed', async () => (await rows()).length === 0);
      expect((await sangam('sync', process, 'Enrolment', enrolment.id, '--anyway')).out).toContain('unchanged');
    });
  }, 240_000);

  it('says in words what is wrong with what it is asked', async () => {
    await withCli('cli-bad', generateOrganisation({ seed: 9, records: 10 }), async ({ sangam, process, client, caughtUp }) => {
      await caughtUp();
      const ids = ['a/b c', `it's "quoted"`, '--', 'लक्ष्मी', '@2026-99-01T00:00:00.000Z#0'];
      for (const id of ids) {
        const synced = await sangam('sync', process, 'Beneficiary', '--', id);
        expect(synced).toMatchObject({ status: 1, error: '' });
        expect(synced.out).toContain(/\/|^@2026/.test(id) ? 'cannot be read' : 'has no such record');
        const shown = await sangam('errors', 'show', process, 'Beneficiary', '--', id);
        expect(shown).toMatchObject({ status: 0, error: '' });
        expect(shown.out).toContain('has no errored record');
      }
      expect(await client.workflow.count(`WorkflowType="erroredRecord" AND IntegrationProcess="${process}"`)).toMatchObject({ count: 0 });
      const wrong: [string[], string][] = [
        [['errors', 'cli-bad/none'], 'Nothing is known of a process'],
        [['errors', `x" OR WorkflowType="erroredRecord`], 'Nothing is known of a process'],
        [['errors', 'show', 'not a row'], 'No errored record has the workflow id'],
        [['errors', 'show', `${process}/errored/Beneficiary/none`], 'No errored record has the workflow id'],
        [['errors', 'show', process, 'Beneficiary'], 'Say which record'],
        [['errors', 'show', 'cli-bad/none', 'Beneficiary', 'x'], 'has a process cli-bad/none'],
        [['errors', 'show', process, 'Nobody', 'x'], 'has no entity type "Nobody". It has: Beneficiary'],
        [['sync', 'cli-bad/none', 'Beneficiary', 'x'], 'cli-bad/none does not run'],
        [['sync', 'no process', 'Beneficiary', 'x'], 'is no process'],
        [['errors', 'show', process, 'constructor', 'x'], 'has no entity type "constructor"'],
        [['sync', process, '__proto__', 'x'], 'has no entity type "__proto__"'],
        [['sync', process, 'Beneficiary'], "missing required argument 'id'"],
      ];
      for (const [args, words] of wrong) {
        const { status, error } = await sangam(...args);
        expect({ args, status, words: error.includes(words) || error }).toEqual({ args, status: 1, words: true });
      }
    });
  }, 240_000);

  it('tells apart a system that is down from a record that is not there', async () => {
    const organisation = generateOrganisation({ seed: 9, records: 10 });
    await withCli('cli-down', organisation, async ({ sangam, process, avni, caughtUp }) => {
      await caughtUp();
      avni.faults.push({ path: '/api', do: { respond: { status: 503 } } });
      const id = organisation.all()[0]?.id ?? '';
      const synced = await sangam('sync', process, 'Beneficiary', id);
      expect(synced.status).toBe(1);
      expect(synced.error).toContain('(Unavailable)');
      const shown = await sangam('errors', 'show', process, 'Beneficiary', id);
      expect(shown.status).toBe(1);
      expect(shown.error).toMatch(/It is not run again now\. .*\(Unavailable\)/);
    });
  }, 120_000);
});
