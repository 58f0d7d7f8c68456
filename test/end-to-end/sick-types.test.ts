import { describe, expect, it } from '@jest/globals';
import type { ProcessStatus } from '../../workflows/status.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

const OFTEN: [string, string] = ['    every: 1 minute\n', '    every: 300 ms\n'];
const LONG = { SANGAM_BACKOFF_FIRST: '600000', SANGAM_BACKOFF_LONGEST: '600000' };
const GROWTH = '/api/programEncounters';

/** Gives a beneficiary another name, and waits until it arrives. */
async function carriesOver({ avni, fhir }: ClinicWorld, name: string): Promise<void> {
  const living = avni.organisation.all().find(({ kind, voided }) => kind === 'subject' && !voided);
  const observations = { ...(living?.body['observations'] as object), 'First name': name };
  avni.organisation.change(living?.id ?? '', { body: { observations } }, Date.now() - 1_500);
  await until(`${name} arrives`, () => fhir.repository.all('Patient').some((patient) => JSON.stringify(patient['name']).includes(name)));
}

const asksOfGrowth = ({ avni }: ClinicWorld): number => avni.requests.filter((request) => request === `GET ${GROWTH}`).length;
const millisecondsLeft = ({ nextRun }: ProcessStatus): number => Date.parse(nextRun ?? '') - Date.now();

describe('one entity type that a system refuses', () => {
  it('is shown as what needs a person, slows no healthy one, is left alone, and goes on when it is asked again', async () => {
    await withClinic({ records: 60, edits: [AT_ONCE, OFTEN], env: LONG }, async (world) => {
      const { avni, client, reaches } = world;
      const handle = await world.start();
      await world.caughtUp();
      avni.faults.push({ path: GROWTH, do: { respond: { status: 403, body: 'lacks it' } } });
      const status = await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      expect(status).toMatchObject({ failure: { entityType: 'Growth', code: 'Forbidden', needs: 'person', byItself: true } });
      expect(status.words).toMatch(/^Needs a person; it is tried again by itself meanwhile. Growth:/);
      expect(status.types['Growth']).toMatchObject({ failures: 1 });
      const stopped = `SyncState = 'stopped' AND WorkflowType = 'integrationProcess' AND ExecutionStatus = 'Running'`;
      await until('it is found', async () => (await client.workflow.count(stopped)).count === 1);
      const asked = asksOfGrowth(world);
      for (const name of ['Asha', 'Bina']) await carriesOver(world, name);
      expect(asksOfGrowth(world)).toBe(asked);
      avni.faults.length = 0;
      await handle.signal('runNow');
      const well = await reaches('well', (s) => s.state === 'idle' && s.failure === undefined);
      expect(well.types['Growth']).not.toHaveProperty('failures');
      expect(asksOfGrowth(world)).toBeGreaterThan(asked);
      await carriesOver(world, 'Chitra');
      expect(await world.differences()).toEqual([]);
    });
  }, 120_000);

  it('is asked again by itself when its back-off is over, while the others go on', async () => {
    await withClinic({ records: 60, edits: [AT_ONCE, OFTEN] }, async (world) => {
      await world.start();
      await world.caughtUp();
      world.avni.faults.push({ path: GROWTH, do: { respond: { status: 403, body: 'lacks it' } } });
      await world.reaches('asked again', (s) => s.state === 'stopped' && (s.types['Growth']?.failures ?? 0) > 2);
      world.avni.faults.length = 0;
      await world.reaches('well by itself', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
    });
  }, 120_000);
});

describe('a system that asks to be left alone', () => {
  it('is, for all types, whatever their cadence, until an operator resumes', async () => {
    await withClinic({ records: 60, edits: [AT_ONCE, OFTEN] }, async (world) => {
      const { fhir, avni, reaches } = world;
      const handle = await world.start();
      await world.caughtUp();
      const busy = { respond: { status: 503, body: '', headers: { 'retry-after': '600' } } };
      fhir.faults.push({ path: '/fhir', do: busy });
      const living = avni.organisation.all().find(({ kind, voided }) => kind === 'subject' && !voided);
      avni.organisation.change(
        living?.id ?? '',
        { body: { observations: { ...(living?.body['observations'] as object), 'First name': 'Asha' } } },
        Date.now() - 1_500,
      );
      const status = await reaches('waiting', (s) => s.state === 'waiting' && s.nextRun !== undefined);
      expect(status.failure).toMatchObject({ entityType: 'Beneficiary', code: 'Unavailable', system: 'emr' });
      expect(millisecondsLeft(status)).toBeGreaterThan(500_000);
      for (const type of ['Beneficiary', 'Enrolment', 'Growth', 'HealthCheck']) expect(status.types[type]?.rests).toBe(status.nextRun);
      fhir.faults.length = 0;
      await handle.signal('pause', {});
      await reaches('paused', (s) => s.state === 'paused');
      await handle.signal('resume');
      await reaches('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
      await carriesOver(world, 'Bina');
      expect((await world.client.workflow.getHandle(PROCESS).describe()).status.name).toBe('RUNNING');
    });
  }, 120_000);

  it('is asked at once, though it rests, when its definition was corrected', async () => {
    await withClinic({ records: 60, edits: [AT_ONCE] }, async (world) => {
      const { fhir, reaches, definition } = world;
      fhir.faults.push({ path: '/fhir', do: { respond: { status: 503, body: '', headers: { 'retry-after': '86000' } } } });
      await world.start();
      const waiting = (s: ProcessStatus): boolean => s.state === 'waiting' && s.nextRun !== undefined;
      const { cycle } = await reaches('waiting', waiting);
      const asked = fhir.requests.length;
      const later = await reaches('it looked at the definition, and went on waiting', (s) => waiting(s) && s.cycle > cycle + 1);
      expect(millisecondsLeft(later)).toBeGreaterThan(80_000_000);
      expect(fhir.requests.length).toBe(asked);
      fhir.faults.length = 0;
      await definition.edit(['    every: 1 minute\n', '    every: 2 minutes\n']);
      await world.caughtUp();
      expect(await world.differences()).toEqual([]);
    });
  }, 120_000);
});
