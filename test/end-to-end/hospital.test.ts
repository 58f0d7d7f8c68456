import { describe, expect, it } from '@jest/globals';
import { statusText } from '../../src/cli/status-text.js';
import type { LiveStatus } from '../../src/temporal/read-status.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { resourceId } from '../../src/connectors/derived-id.js';
import type { Differences } from '../../src/cli/demo/compare/compare-systems.js';
import { withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { retryAll, rowsReach } from '../support/errors-world.js';
import { everyStamp, HOSPITAL, hospitalDifferences, HospitalDesk, recordsOf, stampsOf } from '../support/hospital.js';
import { Killing } from '../support/killing.js';
import { until } from '../support/until.js';

const ready = { folder: HOSPITAL, file: 'hospital.yaml', process: 'hospital/care', types: 6 };
/**
 * A cycle each second, a margin of a millisecond and a wide overlap, at both systems: a change of a
 * second ago is seen in the next cycle.
 */
const often: [string, string][] = [
  ['every: 1 minute', 'every: 1 second'],
  ...['avni', 'fhir'].map((name): [string, string] => [
    `connector: ${name}\n`,
    `connector: ${name}\n    margin: 1 ms\n    overlap: 10 s\n`,
  ]),
];

/** Runs cycles one after another, until so many more are over. */
async function cycles({ client, reaches }: ClinicWorld, count: number): Promise<ProcessStatus> {
  let status = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
  for (let n = 0; n < count; n += 1) {
    const { cycle } = status;
    await client.workflow.getHandle(ready.process).signal('runNow');
    status = await reaches('a cycle further', (s) => s.cycle > cycle && s.state === 'idle' && s.nextRun !== undefined);
  }
  return status;
}

/** Whether a report of the first test has a value that Avni’s concept does not allow. */
const isWrong = (n: number): boolean => n % 4 === 1;
const reportId = (n: number): string => `r${String(n).padStart(2, '0')}`;
const subjectOf = (body: Record<string, unknown>): unknown => body['Subject ID'];

describe('a process that goes both ways, end to end', () => {
  it('loses and doubles nothing whenever its worker is killed, then moves nothing, though people edit on both sides', async () => {
    const small = '    connector: fhir\n    pageSize: 8\n';
    const edits: [string, string][] = [...often, ['    connector: fhir\n', small], ['every: 1 second', 'every: 1 hour']];
    await withClinic({ records: 60, latency: 20, ready, edits, env: { SANGAM_REQUEST_TIMEOUT: '2000' } }, async (world) => {
      const { avni, fhir, client } = world;
      const compare = (): Differences => hospitalDifferences(avni.organisation, fhir.repository);
      const desk = new HospitalDesk(fhir.repository, 60_000);
      const [one = '', two = ''] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => HospitalDesk.patientOf(id));
      desk.register('MRN-1', 'Rao');
      for (let n = 0; n < 32; n += 1) desk.report(reportId(n), one, isWrong(n) ? 115 : 11.5);
      desk.refer('s1', two);
      const wrong = Array.from({ length: 32 }, (_, n) => n).flatMap((n) => (isWrong(n) ? [reportId(n)] : []));
      const rowOf = (id: string): string => `${ready.process}/errored/LabResult/${id}`;
      const hasRow = async (id: string): Promise<boolean> =>
        (await client.workflow
          .getHandle(rowOf(id))
          .describe()
          .catch(() => undefined)) !== undefined;
      const killing = new Killing(world);
      await world.start();
      await killing.at('fhir', ({ path }) => path.startsWith('/fhir/DiagnosticReport'), 3);
      await killing.at('avni', ({ method, body }) => method !== 'GET' && body.includes('Lab result'), 3);
      await killing.when(
        'the first error is recorded',
        () => hasRow(wrong[0] ?? ''),
        async () => expect(await hasRow(wrong.at(-1) ?? '')).toBe(false),
      );
      const status = await world.caughtUp(120_000);
      expect(
        statusText(status as unknown as LiveStatus)
          .split('\n')
          .filter((line) => /→|: got to/.test(line))
          .map((line) => line.split(':')[0]?.trim()),
      ).toEqual(['avni → emr', 'Beneficiary', 'Enrolment', 'Visit', 'emr → avni', 'Registration', 'LabResult', 'Referral']);
      const rows = await rowsReach(client, 'all errors', ({ length }) => length >= wrong.length, 60_000, ready.process);
      expect(rows.map(({ id }) => id).sort()).toEqual([...wrong].sort());
      expect(compare()).toEqual({ inEmr: [], inAvni: wrong.map((id) => `LabResult ${id} is not there`) });

      for (const id of wrong) desk.report(id, one, 11.5);
      const healed = new Set(wrong.map((id) => resourceId('hospital', 'LabResult', [], id, 'main')));
      const heals = (body: string): boolean => [...healed].some((id) => body.includes(id));
      const before = everyStamp(avni.organisation, fhir.repository);
      const killed = killing.at('avni', ({ method, body }) => method !== 'GET' && heals(body), 3);
      await retryAll(client, ready.process);
      await killed;
      await rowsReach(client, 'nothing is open', ({ length }) => length === 0, 120_000, ready.process);
      expect(compare()).toEqual({ inEmr: [], inAvni: [] });
      // What was retried is there once, and nothing else was written for it.
      const after = everyStamp(avni.organisation, fhir.repository);
      const results = recordsOf(avni.organisation, 'Lab result').filter((each) => healed.has(String(each.body['External ID'])));
      expect([results.length, new Set(results.map((each) => each.body['External ID'])).size]).toEqual([wrong.length, wrong.length]);
      expect([...after.keys()].filter((id) => !before.has(id)).sort()).toEqual(results.map(({ id }) => id).sort());
      expect([...before].filter(([id, stamp]) => after.get(id) !== stamp)).toEqual([]);
      // No request of a worker that was killed is behind one of its successor.
      expect(killing.workers).toEqual([...killing.workers].sort((a, b) => a - b));
      expect(new Set(killing.workers).size).toBe(5);

      await cycles(world, 1);
      const stamps = stampsOf(avni.organisation, fhir.repository);
      await cycles(world, 2);
      expect(stampsOf(avni.organisation, fhir.repository)).toBe(stamps);
      const { id = '', body = {} } = recordsOf(avni.organisation, 'Beneficiary')[2] ?? {};
      avni.organisation.change(id, { body: { ...body, observations: { ...(body['observations'] as object), 'Last name': 'Gowda' } } });
      new HospitalDesk(fhir.repository).report(reportId(0), one, 12, { status: 'corrected' });
      // A phone that syncs late: the visit was made days ago, and is stamped now.
      const [visit] = recordsOf(avni.organisation, 'Growth monitoring').filter((each) => each.body['Encounter date time'] !== null);
      const days = new Date(Date.now() - 3 * 86_400_000).toISOString();
      avni.organisation.add('programEncounter', 'Growth monitoring', { ...visit?.body, 'Encounter date time': days });
      // A cycle reads up to the last whole second of a server's clock.
      await until('both arrived', async () => (await cycles(world, 1)) && Object.values(compare()).flat().length === 0, 90_000);
      const settled = stampsOf(avni.organisation, fhir.repository);
      await cycles(world, 2);
      expect(stampsOf(avni.organisation, fhir.repository)).toBe(settled);
    });
  }, 400_000);

  it('holds a result whose subject comes after it, and brings it as soon as that is there', async () => {
    await withClinic({ records: 20, ready, edits: often }, async (world) => {
      const { avni, fhir } = world;
      const late = '5f0c0f2e-6a7e-4c0b-9a51-3f6a1d1f7a10';
      new HospitalDesk(fhir.repository).report('r1', HospitalDesk.patientOf(late), 11.5);
      await world.start();
      const held = await world.reaches(
        'held',
        (s) => s.state === 'idle' && s.nextRun !== undefined && s.open?.['LabResult'] !== undefined,
        120_000,
      );
      expect(held.types['LabResult']?.total).toMatchObject({ read: 1, held: 1, errored: 0 });
      expect(held.open).toMatchObject({ LabResult: { errored: {}, waiting: 1 } });
      expect(held.words).toMatch(/in step but for 1 held/);
      expect(recordsOf(avni.organisation, 'Lab result')).toEqual([]);
      const { body } = recordsOf(avni.organisation, 'Beneficiary')[0] ?? { body: {} };
      avni.organisation.add('subject', 'Beneficiary', body, { id: late });
      await until('the result is there', () => recordsOf(avni.organisation, 'Lab result').length === 1, 150_000);
      expect(recordsOf(avni.organisation, 'Lab result').map((each) => subjectOf(each.body))).toEqual([late]);
      await world.reaches('nothing is held', (s) => s.state === 'idle' && Object.keys(s.open ?? {}).length === 0);
    });
  }, 400_000);

  it('goes on in one direction where the other fails, but for what depends on it', async () => {
    await withClinic({ records: 20, ready, edits: often }, async (world) => {
      const { avni, fhir } = world;
      const desk = new HospitalDesk(fhir.repository);
      desk.register('MRN-1', 'Rao');
      const [one] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => id);
      desk.report('r1', HospitalDesk.patientOf(one ?? ''), 11.5);
      fhir.faults.push({ method: 'POST', path: '/fhir', body: '"resourceType":"Patient"', do: { respond: { status: 503 } } });
      await world.start();
      const isBack = (): boolean => recordsOf(avni.organisation, 'EMR patient').length === 1;
      const status = await world.reaches('stopped', (s) => s.types['LabResult']?.stopped !== undefined && isBack(), 120_000);
      expect([status.types['Beneficiary']?.stopped?.code, status.types['LabResult']?.stopped?.code]).toEqual([
        'Unavailable',
        'ParentStopped',
      ]);
      fhir.faults.length = 0;
      await until('the result is there', () => recordsOf(avni.organisation, 'Lab result').length === 1, 150_000);
      // The same the other way: Avni takes nothing that comes back.
      avni.faults.push({ path: '/api/encounter', body: 'Haemoglobin', do: { respond: { status: 503 } } });
      desk.report('r1', HospitalDesk.patientOf(one ?? ''), 12, { status: 'corrected' });
      await world.reaches('the way back stopped', (s) => s.types['LabResult']?.stopped?.code === 'Unavailable', 60_000);
      const { id = '', body = {} } = recordsOf(avni.organisation, 'Beneficiary')[1] ?? {};
      avni.organisation.change(id, { body: { ...body, observations: { ...(body['observations'] as object), 'Last name': 'Gowda' } } });
      const compare = (): Differences => hospitalDifferences(avni.organisation, fhir.repository);
      const isThere = (): boolean => fhir.repository.all('Patient').some((each) => JSON.stringify(each['name']).includes('Gowda'));
      await until('the way there goes on', isThere, 60_000);
      expect(compare()).toEqual({ inEmr: [], inAvni: ['LabResult r1 differs in Lab result: observations'] });
      avni.faults.length = 0;
      await until('both agree', () => Object.values(compare()).flat().length === 0, 60_000);
    });
  }, 400_000);
});
