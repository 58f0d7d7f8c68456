import { describe, expect, it } from '@jest/globals';
import type { ProcessErrors } from '../../src/temporal/errors/read-errors.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { listRows, type ListedRow } from '../../src/temporal/rows/list-rows.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { withCli, type CliWorld } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

const ODD = `it's an "odd" id, 100 % ${'x'.repeat(276)}`;

/**
 * An organisation in which one subject with an enrolment, and one of an odd id, have a gender that
 * no table has.
 */
function brokenOrganisation(): { organisation: AvniOrganisation; parent: string } {
  const organisation = generateOrganisation({ seed: 7, records: 60 });
  const { subject } = someEnrolment(organisation);
  const { id: parent, body, stamp } = subject;
  organisation.add('subject', 'Beneficiary', structuredClone(body), { id: ODD, stamp });
  for (const id of [parent, ODD]) observe(organisation, id, { Gender: 'No such gender' }, stamp);
  return { organisation, parent };
}

async function errorsOf({ sangam, process }: CliWorld): Promise<ProcessErrors> {
  const { out, error } = await sangam('errors', process, '--json');
  expect(error).toBe('');
  return JSON.parse(out) as ProcessErrors;
}

/** A namespace allows about ten lists a second, and the engine needs some of them. */
const SELDOM = 400;

const rowsAre = ({ client, process }: CliWorld, what: string, fits: (rows: ListedRow[]) => boolean): Promise<ListedRow[]> =>
  until(
    what,
    async () => {
      const rows = await listRows(client, process);
      return fits(rows) && rows;
    },
    60_000,
    SELDOM,
  );

describe('errored records at a terminal', () => {
  it('shows them by type, with commands that work as printed', async () => {
    const { organisation, parent } = brokenOrganisation();
    await withCli('cli-steer', organisation, async (world) => {
      const { sangam, shell, process, client } = world;
      await world.caughtUp();
      const { groups, open, waiting, runNow } = await errorsOf(world);
      const [group] = groups;
      expect(groups).toHaveLength(1);
      expect({ open, waiting }).toEqual({ open: 2, waiting: group?.waiting });
      expect(group).toMatchObject({ entityType: 'Beneficiary', errorType: 'CodeMissing', count: 2, ignored: false, forPerson: 0 });
      expect(group?.waiting).toBeGreaterThan(0);
      expect(group?.remedy).toContain('codes.gender');
      const text = (await sangam('errors')).out;
      for (const part of [process, group?.remedy, group?.commands.show, group?.commands.retry, group?.commands.ignore, runNow])
        expect(text).toContain(part);

      for (const id of [parent, ODD]) {
        const shown = await sangam('errors', 'show', process, 'Beneficiary', id);
        expect(shown).toMatchObject({ status: 0, error: '' });
        // The whole text, which no row holds.
        expect(shown.out).toContain('No such gender');
        expect((await sangam('errors', 'show', rowId(process, 'Beneficiary', id))).out).toContain(id);
      }
      expect((await shell(group?.commands.show ?? '')).out).toContain('It would fail');

      expect((await shell(group?.commands.ignore ?? '')).status).toBe(0);
      await rowsAre(world, 'both are ignored', (rows) => rows.every(({ state }) => state === 'ignored'));
      const ignored = await errorsOf(world);
      expect(ignored).toMatchObject({ open: 0, ignored: 2, groups: [{ ignored: true, count: 2, waiting: group?.waiting }] });
      for (const id of [parent, ODD]) observe(organisation, id, { Gender: 'Female' });
      expect((await shell(ignored.groups[0]?.commands.retry ?? '')).status).toBe(0);
      expect((await shell(runNow)).status).toBe(0);
      await rowsAre(world, 'both are healed', (rows) => rows.length === 0);
      expect((await sangam('errors', process)).out).toContain('no errored record is open');

      const late = await shell(`temporal workflow signal --workflow-id ${rowId(process, 'Beneficiary', parent)} --name retry`);
      expect(late.status).not.toBe(0);
      expect(late.error).toContain('workflow execution already completed');
      const healed = (await sangam('errors', 'show', process, 'Beneficiary', parent)).out;
      expect(healed).toMatch(/: synced\n[^]*unchanged/);
      // What the destination would say is seen by the command that it prints.
      expect(await shell(healed.split('\n').find((line) => line.includes('npx sangam sync')) ?? 'exit 1')).toMatchObject({ status: 0 });
      expect((await sangam('status', process)).out).toMatch(/Errored records: idle[^]*Beneficiary: \d tried, \d healed/);
      const closed = `WorkflowType="erroredRecord" AND IntegrationProcess="${process}" AND ExecutionStatus="Completed"`;
      await until('all are closed', async () => (await client.workflow.count(closed)).count === 2);
    });
  }, 240_000);
});
