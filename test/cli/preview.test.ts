import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { ProcessPlan } from '../../src/sync/plan-types.js';
import type { Preview } from '../../src/sync/preview.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { withCli } from '../support/cli-world.js';
import { isWrite } from '../support/is-write.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';
import type { ProcessStatus } from '../../workflows/status.js';

/** All that passed through a history, decoded. */
async function payloadsOf(handle: WorkflowHandle): Promise<string> {
  const history = historyToJSON(await handle.fetchHistory());
  return [...history.matchAll(/"data":\s*"([^"]*)"/g)].map(([, data]) => Buffer.from(data ?? '', 'base64').toString()).join('\n');
}

describe('what would become of records, at a terminal', () => {
  it('is told by a worker without a value of a person, or here with all of them, and nothing is written; then it becomes so', async () => {
    const organisation = generateOrganisation({ seed: 21, records: 40 });
    const { subject, enrolment } = someEnrolment(organisation);
    const name = String((subject.body['observations'] as Record<string, unknown>)['Last name']);
    await withCli('cli-preview', organisation, async ({ sangam, shell, process, client, avni, fhir, folder, taskQueue }) => {
      const here = ['--task-queue', taskQueue];
      const preview = await sangam('preview', process, 'Enrolment', enrolment.id, ...here);
      expect(preview).toMatchObject({ status: 0, error: '' });
      expect(preview.out).toMatch(
        /What its expressions gave[^]*would be created: EpisodeOfCare\/[^]*Before it\n *Beneficiary .* would be created/,
      );
      const masked = JSON.parse((await sangam('preview', process, 'Beneficiary', subject.id, '--json', ...here)).out) as Preview[];
      expect(masked).toMatchObject([{ id: subject.id, outcome: 'created' }]);
      expect(JSON.stringify(masked)).not.toContain(name);
      const query = `WorkflowType="preview" AND TaskQueue="${taskQueue}"`;
      await until('both are listed', async () => (await client.workflow.count(query)).count === 2);
      let passed = '';
      for await (const { workflowId } of client.workflow.list({ query })) passed += await payloadsOf(client.workflow.getHandle(workflowId));
      expect([passed.includes('"resourceType":"Patient"'), passed.includes(name)]).toEqual([true, false]);

      const shown = await sangam('preview', process, 'Beneficiary', subject.id, '--show-values');
      expect(shown).toMatchObject({ status: 0, error: '' });
      expect(shown.out).toContain(name);
      const file = join(folder.path, 'visit.txt');
      const body = { ...subject.body, ID: 'of-a-file', Voided: false, audit: { 'Last modified at': '2026-01-01T00:00:00.000Z' } };
      await writeFile(file, JSON.stringify(body));
      const ofFile = await sangam('preview', process, 'Beneficiary', '--file', file, '--show-values', '--json');
      expect(JSON.parse(ofFile.out)).toMatchObject([{ id: 'of-a-file', outcome: 'created' }]);

      const nobody = await sangam('preview', process, 'Nobody', 'x', ...here);
      expect([nobody.status, nobody.error]).toEqual([1, expect.stringContaining('has no entity type "Nobody"')]);

      const planned = await sangam('plan', process, ...here, '--json');
      expect(planned).toMatchObject({ status: 0, error: '' });
      const { digest, types } = JSON.parse(planned.out) as ProcessPlan;
      expect(types.map(({ entityType }) => entityType)).toEqual(['Beneficiary', 'Enrolment', 'Growth', 'HealthCheck']);
      const created = types.map(({ next }) => next?.sheet.created ?? 0);
      expect(created.every((count) => count > 0)).toBe(true);
      expect(planned.out).not.toContain(name);
      expect((await sangam('plan', process, '--entity-type', 'Beneficiary', '--limit', '3', '--show-values')).out).toContain(digest);

      const start = { workflowId: process, taskQueue, args: [{ process }], signal: 'pause', signalArgs: [{}] };
      const paused = await client.workflow.signalWithStart('integrationProcess', start);
      await until('paused', async () => (await paused.query<ProcessStatus>('status').catch(() => undefined))?.state === 'paused');
      const before = avni.requests.length + fhir.requests.length;
      expect((await sangam('preview', process, 'Beneficiary', subject.id, '--show-values')).error).toContain('is paused');
      expect(avni.requests.length + fhir.requests.length).toBe(before);
      // It finds the task queue of the process by itself.
      expect((await sangam('preview', process, 'Beneficiary', subject.id, '--force')).status).toBe(0);
      expect((await sangam('plan', process)).error).toContain('is paused');
      expect(fhir.requests.filter((each) => isWrite(each) && !each.includes('$validate'))).toEqual([]);
      expect(fhir.repository.all()).toEqual([]);

      await paused.signal('resume');
      const status = () => paused.query<ProcessStatus>('status');
      const done = async () => Object.values((await status()).types).map(({ total }) => total?.created ?? 0);
      await until('it did what was planned', async () => (await done()).join() === created.join());
      await paused.signal('runNow', { plan: '0'.repeat(16) });
      await until('another plan is refused', async () => (await status()).notes.join().includes(`the plan is ${digest} now`));
      const again = await sangam('plan', process);
      expect(again.out).toMatch(/Beneficiary\n {2}The next run, from 20.* 0 read\n/);
      expect((await shell(again.out.trim().split('\n').at(-1) ?? 'exit 1')).status).toBe(0);

      const reconcile = (...args: string[]) => sangam('reconcile', process, ...args);
      const [encounter] = fhir.repository.all('Encounter');
      const [patient] = fhir.repository.by('Patient', `tag urn:sangam:origin|${process}/Beneficiary/${subject.id}`);
      if (!encounter || !patient) throw new Error('Nothing was written');
      fhir.repository.remove('Encounter', encounter.id);
      fhir.repository.put({ ...patient, name: [{ family: 'Otherwise' }] });
      const differing = await reconcile();
      expect([differing.status, differing.out]).toEqual([1, expect.stringMatching(/1 different[^]*name[^]*1 missing/)]);
      expect(differing.out).not.toContain(name);
      const writes = fhir.requests.filter(isWrite).length;
      const repaired = await reconcile('--repair');
      expect([repaired.status, repaired.out.trim().split('\n').at(-1)]).toEqual([0, '2 repaired.']);
      // Those two, and nothing else.
      expect(fhir.requests.filter(isWrite).length).toBe(writes + 2);
      expect((await reconcile()).status).toBe(0);

      const whole = await sangam('trace', process, 'Enrolment', enrolment.id);
      expect(whole).toMatchObject({ status: 0, error: '' });
      expect(whole.out).toMatch(/^Beneficiary [^]* {2}Enrolment [^]*EpisodeOfCare\/[^]*The types:\n {2}Beneficiary: got to 20/);
      observe(organisation, subject.id, { Gender: 'No such gender' });
      expect((await sangam('sync', process, 'Beneficiary', subject.id)).status).toBe(1);
      const failing = await sangam('trace', process, 'Enrolment', enrolment.id);
      expect([failing.status, failing.error, failing.out]).toEqual([
        1,
        '',
        expect.stringMatching(/fails[^]*CodeMissing[^]*errored record:[^]*First failed/),
      ]);
      expect(failing.out).not.toContain(name);
    });
  }, 240_000);
});
