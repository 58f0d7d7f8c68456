import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { withCli } from '../support/cli-world.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { until } from '../support/until.js';

const FORGED = 'forged/process: idle since 2026-01-01';
const NASTY = `\u001b]0;x\u0007\u009b31m\u202e\r\n${FORGED}\n- **bold** [x](javascript:alert(1)) <https://evil.example> https://evil.example`;

/** What steers a terminal, or turns what stands around it. */
const STEERS = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function expectHarmless(text: string): void {
  expect(text).not.toMatch(STEERS);
  expect(text.split('\n').filter((line) => line.startsWith(FORGED))).toEqual([]);
}

it('prints nothing of a record or a server raw, and shows no markdown of it', async () => {
  const organisation = generateOrganisation({ seed: 7, records: 40 });
  const { subject } = someEnrolment(organisation);
  const { body, stamp } = subject;
  // An id, a concept, a value that no table has, and a server’s own words.
  const ids = [`id ${NASTY}`, 'id \u202e **bold** [x](javascript:alert(1)) <https://evil.example>'];
  for (const id of ids) {
    organisation.add('subject', 'Beneficiary', structuredClone(body), { id, stamp });
    observe(organisation, id, { Gender: 'None' }, stamp);
  }
  observe(organisation, subject.id, { Gender: NASTY, [NASTY]: 'x' }, stamp);
  organisation.add('subject', 'Beneficiary', structuredClone(body), { id: 'refused', stamp });
  await withCli('cli-hostile', organisation, async ({ sangam, process, client, fhir, caughtUp }) => {
    const issue = [{ severity: 'error', code: 'invalid', diagnostics: NASTY, expression: [NASTY], details: { text: NASTY } }];
    const refusal = { status: 422, body: { resourceType: 'OperationOutcome', issue } };
    fhir.faults.push({ body: '"refused"', do: { respond: refusal } });
    await caughtUp();
    const rows = await until('records fail', async () => {
      const listed = await listRows(client, process);
      return listed.length >= 3 && listed;
    });
    const all = [
      ['status'],
      ['status', process],
      ['errors'],
      ['errors', process],
      ['status', process, '--json'],
      ['errors', process, '--json'],
    ];
    const records = [...rows.map((row) => row.id), ...ids, subject.id];
    for (const each of records) all.push(['errors', 'show', process, 'Beneficiary', each], ['sync', process, 'Beneficiary', each]);
    let whole = '';
    for (const args of all) {
      const { out, error } = await sangam(...args);
      expectHarmless(out);
      expectHarmless(error);
      whole += out;
    }
    // The texts were there, in another form.
    expect(whole).toContain('\\u001b]0;x');
    expect(whole).toContain(FORGED);
    // What is told of an unknown name, and of an odd one, stays on its line.
    const { error } = await sangam('status', NASTY);
    expectHarmless(error);
    expect(error.trim().split('\n')).toHaveLength(1);

    for (const workflowId of [process, ...rows.map((row) => rowId(process, 'Beneficiary', row.id))]) {
      const { currentDetails = '' } = await client.workflow
        .getHandle(workflowId)
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expectHarmless(currentDetails);
      const live = currentDetails.replace(/\\[\p{P}\p{S}]/gu, '');
      expect(live).not.toMatch(/\]\(|<|:\/\/|\*\*bold|javascript:alert\(1\)\]/);
    }
  });
}, 240_000);
