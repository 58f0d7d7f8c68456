import { describe, expect, it } from '@jest/globals';
import type { ProcessStatus } from '../../workflows/status.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';
import type { EntitySyncResult } from '../../src/model/turns.js';

/** How many patients live in each country, as the mapping says it. */
function countries({ fhir }: ClinicWorld): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const patient of fhir.repository.all('Patient')) {
    const [address] = (patient as unknown as { address: { country: string }[] }).address;
    counts[address?.country ?? ''] = (counts[address?.country ?? ''] ?? 0) + 1;
  }
  return counts;
}

/** Changes one beneficiary a moment ago and looks at once. */
async function changeOne({ avni, client }: ClinicWorld, name: string): Promise<void> {
  const record = avni.organisation.all().find(({ kind, voided }) => kind === 'subject' && !voided);
  const observations = { ...(record?.body['observations'] as object), 'First name': name };
  avni.organisation.change(record?.id ?? '', { body: { observations } }, Date.now() - 1_500);
  await client.workflow.getHandle(PROCESS).signal('runNow');
}

function bookmarks(status: ProcessStatus): string[] {
  return Object.values(status.types).map(({ bookmark }) => bookmark?.at ?? '');
}

const pageSize: [string, string] = ['    connector: avni\n', '    connector: avni\n    pageSize: 10\n'];

describe('a definition that is edited while its process runs', () => {
  it('is followed from the next cycle on, and left aside where it became invalid or names other systems', async () => {
    await withClinic({ records: 150, latency: 15, edits: [AT_ONCE, pageSize] }, async (world) => {
      const { fhir, client, definition } = world;
      const handle = await world.start();
      const before = await world.reaches('the first type runs', (s) => s.child?.endsWith('/Beneficiary') === true);
      await until('some are written', () => fhir.repository.all('Patient').length > 5);

      // In the middle of a cycle: what runs goes on as it began, the next type ends the cycle, the
      // next cycle follows the new one.
      await definition.edit(['"country": "IN"', '"country": "NP"']);
      const caughtUp = await world.caughtUp();
      expect(caughtUp.digest).not.toBe(before.digest);
      expect(caughtUp.notes.join()).toMatch(/applies to later changes only\. Update rewind re-sends/);
      expect(Object.keys(countries(world))).toEqual(['IN']);
      const runs: EntitySyncResult[] = [];
      for await (const { runId } of client.workflow.list({
        query: `WorkflowId = '${PROCESS}/sync/Enrolment' AND TaskQueue = '${world.taskQueue}'`,
      }))
        runs.push((await client.workflow.getHandle(`${PROCESS}/sync/Enrolment`, runId).result()) as EntitySyncResult);
      expect(runs.map(({ stopped, sheet }) => `${stopped?.code ?? 'no stop'}, read: ${sheet.read > 0}`).sort()).toEqual([
        'DefinitionChanged, read: false',
        'no stop, read: true',
      ]);
      expect(caughtUp.failure).toBeUndefined();
      expect(await world.differences()).toEqual([]);

      // A later change follows the new mapping, and rewind sends again what came before.
      await changeOne(world, 'Later');
      await until('it arrives', () => countries(world)['NP'] === 1);
      await world.reaches('idle', (s) => s.state === 'idle');
      await handle.executeUpdate('rewind', { args: [{ entityType: 'Beneficiary', to: '1970-01-01T00:00:00Z' }] });
      await until('all of them are sent again', () => (countries(world)['IN'] ?? 0) === 0, 60_000);
      const good = await world.reaches('idle', (s) => s.state === 'idle' && s.failure === undefined);

      // Invalid: the last good one stays in force, which status says with the place; nothing stands
      // still.
      await definition.edit(['resource: Patient', 'resource: Pacient']);
      await changeOne(world, 'WhileInvalid');
      await until('it arrives', () => JSON.stringify(fhir.repository.all('Patient')).includes('WhileInvalid'));
      const invalid = await world.reaches('idle', (s) => s.state === 'idle' && s.cycle > good.cycle);
      expect(invalid.notes.join()).toMatch(/not in force; the last good one is\. .*clinic\.yaml:\d+: .*Beneficiary\.to/);
      expect(invalid.digest).toBe(good.digest);
      bookmarks(invalid).forEach((at, index) => expect(at >= (bookmarks(good)[index] ?? '')).toBe(true));
      await definition.edit(['resource: Pacient', 'resource: Patient']);
      await handle.signal('runNow');
      await world.reaches('the note is gone', (s) => s.state === 'idle' && !s.notes.join().includes('not in force'));

      // Another server under old bookmarks: refused in words, nothing is asked of it, and the
      // bookmarks wait.
      await definition.edit(['url: "${AVNI_URL}"', 'url: "http://127.0.0.1:9"']);
      await handle.signal('runNow');
      const other = await world.reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      expect(other.failure).toMatchObject({ code: 'SystemsChanged', needs: 'person' });
      expect(other.failure?.remedy).toContain('acceptSystems');
      expect(bookmarks(other).length).toBe(4);
      await definition.edit(['url: "http://127.0.0.1:9"', 'url: "${AVNI_URL}"']);
      await handle.signal('runNow');
      await world.reaches('all is well', (s) => s.state === 'idle' && s.failure === undefined);
      expect((await world.differences()).filter((each) => !each.endsWith('differs in Patient: address'))).toEqual([]);
    });
  }, 240_000);
});
