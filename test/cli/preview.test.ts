import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Preview } from '../../src/sync/preview.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { withCli } from '../support/cli-world.js';
import { isWrite } from '../support/is-write.js';
import { someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';
import type { ProcessStatus } from '../../workflows/status.js';

describe('what would become of records, at a terminal', () => {
  it('is told by a worker without a value of a person, or here with all of them, and nothing is written', async () => {
    const organisation = generateOrganisation({ seed: 21, records: 40 });
    const { subject, enrolment } = someEnrolment(organisation);
    const name = String((subject.body['observations'] as Record<string, unknown>)['Last name']);
    await withCli('cli-preview', organisation, async ({ sangam, process, client, avni, fhir, folder, taskQueue }) => {
      const here = ['--task-queue', taskQueue];
      const preview = await sangam('preview', process, 'Enrolment', enrolment.id, ...here);
      expect(preview).toMatchObject({ status: 0, error: '' });
      expect(preview.out).toMatch(
        /What its expressions gave[^]*would be created: EpisodeOfCare\/[^]*Before it\n *Beneficiary .* would be created/,
      );
      const masked = JSON.parse((await sangam('preview', process, 'Beneficiary', subject.id, '--json', ...here)).out) as Preview[];
      expect(masked).toMatchObject([{ id: subject.id, outcome: 'created' }]);
      expect(JSON.stringify(masked)).not.toContain(name);
      for await (const { workflowId } of client.workflow.list({ query: `WorkflowType="preview" AND TaskQueue="${taskQueue}"` }))
        expect(historyToJSON(await client.workflow.getHandle(workflowId).fetchHistory())).not.toContain(name);

      const shown = await sangam('preview', process, 'Beneficiary', subject.id, '--show-values');
      expect(shown).toMatchObject({ status: 0, error: '' });
      expect(shown.out).toContain(name);
      const file = join(folder.path, 'visit.txt');
      const body = { ...subject.body, ID: 'of-a-file', Voided: false, audit: { 'Last modified at': '2026-01-01T00:00:00.000Z' } };
      await writeFile(file, JSON.stringify(body));
      const ofFile = await sangam('preview', process, 'Beneficiary', '--file', file, '--show-values', '--json');
      expect(JSON.parse(ofFile.out)).toMatchObject([{ id: 'of-a-file', outcome: 'created' }]);

      const wrong: [string[], string][] = [
        [[process, 'Nobody', 'x', ...here], 'has no entity type "Nobody"'],
        [['cli-preview/none', 'Beneficiary', ...here], 'has a process cli-preview/none'],
        [['no process', 'Beneficiary'], 'is no process'],
        [[process, 'Beneficiary', 'x', '--sample', '2'], 'one of them'],
        [[process, 'Beneficiary', '--sample', '0'], 'from 1 to 50'],
        [[process, 'Beneficiary', '--file', file], 'add --show-values'],
        [[process, 'Beneficiary', '--file', `${file}.none`, '--show-values'], 'cannot be read'],
      ];
      for (const [args, words] of wrong) {
        const { status, error } = await sangam('preview', ...args);
        expect({ args, status, words: error.includes(words) || error }).toEqual({ args, status: 1, words: true });
      }

      const start = { workflowId: process, taskQueue, args: [{ process }], signal: 'pause', signalArgs: [{}] };
      const paused = await client.workflow.signalWithStart('integrationProcess', start);
      await until('paused', async () => (await paused.query<ProcessStatus>('status').catch(() => undefined))?.state === 'paused');
      const before = avni.requests.length + fhir.requests.length;
      for (const more of [[], ['--show-values']])
        expect((await sangam('preview', process, 'Beneficiary', subject.id, ...more)).error).toContain('is paused');
      expect(avni.requests.length + fhir.requests.length).toBe(before);
      // It finds the task queue of the process by itself.
      expect((await sangam('preview', process, 'Beneficiary', subject.id, '--force')).status).toBe(0);
      expect(fhir.requests.filter((each) => isWrite(each) && !each.includes('$validate'))).toEqual([]);
      expect(fhir.repository.all()).toEqual([]);
    });
  }, 120_000);
});
