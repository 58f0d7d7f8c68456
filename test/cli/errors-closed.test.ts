import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

it('lists the errored records that people closed, and none that the engine did', async () => {
  const organisation = generateOrganisation({ seed: 7, records: 40 });
  const { body, stamp } = someEnrolment(organisation).subject;
  const ids = ['said', 'ended', 'healed', 'gone'];
  for (const id of ids) {
    organisation.add('subject', 'Beneficiary', structuredClone(body), { id, stamp });
    observe(organisation, id, { Gender: 'None' }, stamp);
  }
  await withCli('cli-closed', organisation, async ({ sangam, process, client, caughtUp }) => {
    await caughtUp();
    const rows = (count: number) => until(`${count} rows`, async () => (await listRows(client, process)).length === count);
    const row = (id: string) => client.workflow.getHandle(rowId(process, 'Beneficiary', id));
    const closed = () => sangam('errors', process, '--closed-by-hand');
    await rows(4);
    expect(await closed()).toMatchObject({
      status: 0,
      error: '',
      out: `${process}: no errored record was closed by hand, as far as Temporal still keeps them.\n`,
    });

    observe(organisation, 'healed', { Gender: 'Female' });
    expect(await sangam('sync', process, 'Beneficiary', 'healed')).toMatchObject({ status: 0 });
    const at = new Date().toISOString();
    await row('said').signal('synced', { version: 'v', stamp: at, at });
    await row('gone').signal('gone', { at });
    await row('ended').terminate('by mistake');
    await rows(0);
    const { status, out, error } = await until('all are listed', async () => {
      const ran = await closed();
      return ran.out.includes('3 errored records were closed by hand') && ran;
    });
    expect({ status, error }).toEqual({ status: 0, error: '' });
    const lines = out.trimEnd().split('\n').slice(1).sort();
    const expected = ['gone: Beneficiary gone', 'synced: Beneficiary said', 'terminated: Beneficiary ended (CodeMissing)'];
    expect(lines.map((line) => line.replace(/^ {2}\S+Z /, '')).sort()).toEqual(expected);
    expect(out).not.toContain('healed');
    const json = JSON.parse((await sangam('errors', process, '--closed-by-hand', '--json')).out) as { id: string; how: string }[];
    expect(new Map(json.map(({ id, how }) => [id, how]))).toEqual(
      new Map([
        ['said', 'synced'],
        ['gone', 'gone'],
        ['ended', 'terminated'],
      ]),
    );
    expect(await sangam('errors', '--closed-by-hand')).toMatchObject({ status: 1, error: expect.stringContaining('Say of which process') });
  });
}, 240_000);
