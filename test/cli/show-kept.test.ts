import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

const AT = '2026-01-01T00:00:00.000Z';

it('shows what is kept of an errored record, whatever keeps it from being run again, and says what', async () => {
  const organisation = generateOrganisation({ seed: 8, records: 60 });
  const { subject } = someEnrolment(organisation);
  observe(organisation, subject.id, { Gender: 'No such gender' }, subject.stamp);
  await withCli('cli-kept', organisation, async ({ sangam, process, client, taskQueue, avni, folder, worker, caughtUp }) => {
    await caughtUp();
    const failed = { version: 'v', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1 };
    await sendToRow({ client, taskQueue }, { process, entityType: 'Former', id: 'r' }, { kind: 'failed', ...failed });
    await until('both are listed', async () => (await listRows(client, process)).length === 2);
    const show = (entityType: string, id: string) => sangam('errors', 'show', process, entityType, id);

    avni.faults.push({ path: '/api', do: { respond: { status: 503 } } });
    const down = await show('Beneficiary', subject.id);
    expect(down).toMatchObject({ status: 1, out: expect.stringMatching(/: failing\n[^]*CodeMissing[^]*What to do:/) });
    expect(down.error).toMatch(/It is not run again now\. .*\(Unavailable\)/);

    const former = await show('Former', 'r');
    expect(former).toMatchObject({ status: 1, out: expect.stringMatching(/Former r .*: failing\n[^]*CodeMissing/) });
    expect(former.error).toContain('has no entity type "Former"');

    await folder.edit(['systems:', 'sistems:']);
    const invalid = await show('Beneficiary', subject.id);
    expect(invalid).toMatchObject({ status: 1, out: expect.stringMatching(/: failing\n[^]*CodeMissing/) });
    expect(invalid.error).toContain('It is not run again now. No valid definition');

    await worker.end('SIGKILL');
    const silent = await show('Beneficiary', subject.id);
    expect(silent).toMatchObject({
      status: 1,
      out: expect.stringMatching(/: failing; no worker answers[^]*CodeMissing: version .*, tried 1 times/),
    });
  });
}, 240_000);
