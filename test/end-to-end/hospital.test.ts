import { describe, expect, it } from '@jest/globals';
import { statusText } from '../../src/cli/status-text.js';
import type { LiveStatus } from '../../src/temporal/read-status.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { HOSPITAL, HospitalDesk, recordsOf, stampsOf } from '../support/hospital.js';
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

const subjectOf = (body: Record<string, unknown>): unknown => body['Subject ID'];

describe('a process that goes both ways, end to end', () => {
  it('brings back what belongs to what it brought over, and then moves nothing, though people edit on both sides', async () => {
    await withClinic({ records: 120, ready, edits: often }, async (world) => {
      const { avni, fhir } = world;
      const desk = new HospitalDesk(fhir.repository);
      const [one, two] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => id);
      desk.register('MRN-1', 'Rao');
      desk.report('r1', HospitalDesk.patientOf(one ?? ''), 11.5);
      desk.refer('s1', HospitalDesk.patientOf(two ?? ''));
      await world.start();
      const status = await world.reaches(
        'all came back',
        (s) => ['Registration', 'LabResult', 'Referral'].every((name) => s.types[name]?.total?.created === 1),
        120_000,
      );
      expect(
        statusText(status as unknown as LiveStatus)
          .split('\n')
          .filter((line) => /→|: got to/.test(line))
          .map((line) => line.split(':')[0]?.trim()),
      ).toEqual(['avni → emr', 'Beneficiary', 'Enrolment', 'Visit', 'emr → avni', 'Registration', 'LabResult', 'Referral']);
      const shown = (type: string): unknown[] => recordsOf(avni.organisation, type).map(({ body }) => subjectOf(body));
      expect([shown('Lab result'), shown('Referral'), recordsOf(avni.organisation, 'EMR patient').length]).toEqual([[one], [two], 1]);
      await cycles(world, 1);
      const stamps = stampsOf(avni.organisation, fhir.repository);
      await cycles(world, 4);
      expect(stampsOf(avni.organisation, fhir.repository)).toBe(stamps);
      const { id = '', body = {} } = recordsOf(avni.organisation, 'Beneficiary')[2] ?? {};
      avni.organisation.change(id, { body: { ...body, observations: { ...(body['observations'] as object), 'Last name': 'Gowda' } } });
      desk.report('r1', HospitalDesk.patientOf(one ?? ''), 12, { status: 'corrected' });
      await until(
        'both arrived',
        async () => {
          const results = recordsOf(avni.organisation, 'Lab result').map(({ body: { observations } }) => observations);
          const patients = fhir.repository.all('Patient').map(({ name }) => JSON.stringify(name));
          return JSON.stringify(results).includes('"Haemoglobin":12') && patients.some((name) => name.includes('Gowda'));
        },
        90_000,
      );
      const settled = (await cycles(world, 1)) && stampsOf(avni.organisation, fhir.repository);
      await cycles(world, 4);
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
    });
  }, 400_000);
});
