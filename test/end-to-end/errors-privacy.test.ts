import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { personalValues } from '../../src/simulators/avni/generate.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { clinicEnv } from '../support/clinic.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { countRows, dependents, mend, observe, onePass, retryAll, rowsReach, someSubjects } from '../support/errors-world.js';
import { everythingKept } from '../support/everything-kept.js';

const SANGAM = join(fileURLToPath(new URL('../../', import.meta.url)), 'bin', 'sangam.js');

/** What a system's words say of a person, one for each way to fail. */
const SAID = { mapping: 'Kamala Bai of ward 7', source: 'Savitri Naik 9876501234', destination: 'Meena Patil, HIV positive' } as const;

/** What an operator sees at a terminal, of this namespace. */
async function seen({ avni, fhir, client }: ClinicWorld, ...args: string[]): Promise<string> {
  const env = {
    ...clinicEnv(avni.url, fhir.url),
    TEMPORAL_ADDRESS: process.env['SANGAM_TEST_TEMPORAL'] ?? '',
    TEMPORAL_NAMESPACE: client.options.namespace,
  };
  const ran = await execa(process.execPath, [SANGAM, ...args], { env, reject: false, all: true });
  return ran.all;
}

describe('errored records, end to end', () => {
  it('leave nothing of a person in histories, memos, search attributes, logs, or what operators are shown, whatever the systems say', async () => {
    await withClinic({ records: 300, edits: [AT_ONCE], env: { LOG_LEVEL: 'trace' } }, async (world) => {
      const { avni, fhir, client, worker, definition } = world;
      const { organisation } = avni;
      const parents = [...new Set(dependents(organisation, someSubjects(organisation, 1_000, 1)).values())];
      const [mapping, source, destination] = parents.flatMap((id) => organisation.get(id) ?? []);
      if (!mapping || !source || !destination) throw new Error('too few subjects with an enrolment');
      observe(organisation, mapping.id, { Gender: SAID.mapping }, mapping.stamp);
      observe(organisation, source.id, { 'Last check date': SAID.source }, source.stamp);
      const issue = {
        severity: 'error',
        code: 'invariant',
        details: { text: SAID.destination },
        diagnostics: `Patient "${SAID.destination}" breaks a rule`,
        expression: [`Patient.name.where(text = '${SAID.destination}')`],
      };
      fhir.faults.push({
        path: '/fhir',
        body: destination.id,
        do: { respond: { status: 422, body: { resourceType: 'OperationOutcome', issue: [issue] } } },
      });
      await world.start();
      const status = await world.caughtUp();
      const failing = [mapping, source, destination].map(({ id }) => id).sort();
      const rows = await rowsReach(client, 'all three fail', (each) => each.length === 3);
      expect(rows.map(({ id }) => id).sort()).toEqual(failing);
      expect(rows.map(({ errorType }) => errorType).sort()).toEqual(['CodeMissing', 'FhirInvariant', 'Unreadable']);
      expect(rows.every(({ waiting }) => waiting > 0)).toBe(true);
      // Also what a second try, a decision, and a way out leave behind.
      await retryAll(client);
      await onePass(client);
      mend(organisation, mapping);
      await world.looks('one is mended', async () => (await countRows(client)) === 2);

      // What is looked for can be seen by whom it is for, running the record again.
      const integrations = ['--integrations', definition.path];
      expect(await seen(world, 'errors', 'show', PROCESS, 'Beneficiary', source.id, ...integrations)).toContain(SAID.source);
      const shown = [];
      for (const args of [['errors'], ['errors', PROCESS, '--json'], ['status'], ['status', PROCESS, '--json'], ['bookmarks', PROCESS]])
        shown.push(await seen(world, ...args));
      expect(shown.join('\n')).toContain('FhirInvariant');
      const stored = await everythingKept(client);
      // Payloads are looked into: what failed, and how.
      for (const there of ['lastDone', 'CodeMissing', 'Unreadable', 'FhirInvariant'])
        expect([there, stored.includes(there)]).toEqual([there, true]);
      const kept = [stored, worker.output, JSON.stringify(status), ...shown].join('\n');
      const secrets = [...new Set(personalValues(organisation)), ...Object.values(SAID), 'secret-of-avni', 'secret-of-fhir'];
      expect(secrets.length).toBeGreaterThan(20);
      expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
    });
  }, 180_000);
});
