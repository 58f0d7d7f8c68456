import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { everyStamp, hospital, HospitalDesk, hospitalDifferences, recordsOf, stampsOf } from '../support/hospital.js';
import { syncAll } from '../support/sync/sync-all.js';

let avni: AvniSimulator;
let fhir: FhirSimulator;
let active: ActiveProcess;
let desk: HospitalDesk;
const http = createHttp();
const cycle = () => syncAll(active, { signal: new AbortController().signal, http, log: silent } satisfies Context);
const sheets = async () => Object.fromEntries(Object.entries(await cycle()).map(([name, { sheet, stopped }]) => [name, stopped ?? sheet]));

beforeAll(async () => {
  avni = await startAvniSimulator({
    organisation: generateOrganisation({ seed: 3, records: 200 }),
    user: { username: 'integrator', password: 'secret-of-avni' },
  });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  desk = new HospitalDesk(fhir.repository);
  active = await hospital(avni.url, fhir.url);
});

afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

describe('the hospital definition over both systems', () => {
  it('goes from the phones to the EMR first, then back', () => {
    expect(active.process.entityTypes.map(({ name, from }) => `${from.system} ${name}`)).toEqual([
      'avni Beneficiary',
      'avni Enrolment',
      'avni Visit',
      'emr Registration',
      'emr LabResult',
      'emr Referral',
    ]);
  });

  it('brings results, referrals and registrations to Avni in the cycle that brings their subjects to the EMR, and then moves nothing', async () => {
    const [one, two] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => id);
    desk.register('MRN-1', 'Rao');
    desk.report('r1', HospitalDesk.patientOf(one ?? ''), 11.5);
    desk.report('r2', HospitalDesk.patientOf(two ?? ''), 9, { status: 'preliminary' });
    desk.refer('s1', HospitalDesk.patientOf(two ?? ''));
    const first = await sheets();
    expect(first['Beneficiary']).toMatchObject({ errored: 0, held: 0 });
    expect(first['Registration']).toMatchObject({ read: 1, created: 1 });
    expect(first['LabResult']).toMatchObject({ read: 2, created: 1, filtered: 1 });
    expect(first['Referral']).toMatchObject({ read: 1, created: 1 });
    expect(recordsOf(avni.organisation, 'EMR patient').map(({ body }) => body)).toMatchObject([
      {
        'Registration date': '2026-11-01',
        observations: { 'First name': 'Asha', 'Last name': 'Rao', Gender: 'Female', 'Health ID': 'MRN-1' },
      },
    ]);
    expect(recordsOf(avni.organisation, 'Lab result').map(({ body }) => body)).toMatchObject([
      {
        'Subject ID': one,
        'Encounter date time': '2026-11-20T04:30:00.000Z',
        observations: { Haemoglobin: 11.5, 'Lab remarks': 'Seen by the laboratory' },
      },
    ]);
    expect(recordsOf(avni.organisation, 'Referral').map(({ body }) => body)).toMatchObject([
      { 'Subject ID': two, 'Earliest scheduled date': '2026-12-01T03:30:00.000Z', 'Encounter date time': null },
    ]);
    const stamps = stampsOf(avni.organisation, fhir.repository);
    for (const sheet of Object.values(await sheets()))
      expect(sheet).toMatchObject({ created: 0, updated: 0, removed: 0, errored: 0, held: 0 });
    expect(stampsOf(avni.organisation, fhir.repository)).toBe(stamps);
  });

  it('moves the copy of what people edit and nothing else, over ten cycles of edits on both sides', async () => {
    const [result] = recordsOf(avni.organisation, 'Lab result');
    const people = recordsOf(avni.organisation, 'Beneficiary');
    for (let n = 0; n < 10; n += 1) {
      const before = everyStamp(avni.organisation, fhir.repository);
      const { id = '', body = {} } = people[n + 2] ?? {};
      avni.organisation.change(id, { body: { ...body, observations: { ...(body['observations'] as object), 'Last name': `New${n}` } } });
      desk.report('r1', HospitalDesk.patientOf(people[0]?.id ?? ''), 10 + n, { status: 'corrected' });
      await cycle();
      const moved = [...everyStamp(avni.organisation, fhir.repository)].flatMap(([name, stamp]) =>
        before.get(name) === stamp ? [] : [name],
      );
      const [edited, copies] = [
        [id, 'DiagnosticReport/r1', 'Observation/r1-hb'],
        [HospitalDesk.patientOf(id), result?.id ?? ''],
      ];
      expect(moved.sort()).toEqual([...edited, ...copies].sort());
    }
    expect(hospitalDifferences(avni.organisation, fhir.repository)).toEqual({ inEmr: [], inAvni: [] });
    const settled = stampsOf(avni.organisation, fhir.repository);
    await cycle();
    expect(stampsOf(avni.organisation, fhir.repository)).toBe(settled);
  });

  it('follows what the hospital corrects, revokes and withdraws', async () => {
    const [one, two] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => id);
    desk.report('r1', HospitalDesk.patientOf(one ?? ''), 12.25, { status: 'corrected' });
    desk.report('r2', HospitalDesk.patientOf(two ?? ''), 9);
    desk.refer('s1', HospitalDesk.patientOf(two ?? ''), 'revoked');
    const then = await sheets();
    expect(then['LabResult']).toMatchObject({ created: 1, updated: 1 });
    expect(then['Referral']).toMatchObject({ removed: 1 });
    expect(
      recordsOf(avni.organisation, 'Lab result').map(({ body }) => (body['observations'] as Record<string, unknown>)['Haemoglobin']),
    ).toEqual([12.25, 9]);
    expect(recordsOf(avni.organisation, 'Referral')).toEqual([]);
    desk.report('r2', HospitalDesk.patientOf(two ?? ''), 9, { status: 'entered-in-error' });
    expect((await sheets())['LabResult']).toMatchObject({ removed: 1, unchanged: 1 });
  });

  it('holds a result of somebody whom Avni has not registered', async () => {
    desk.report('r3', 'Patient/MRN-1', 10);
    expect((await sheets())['LabResult']).toMatchObject({ held: 1, errored: 0 });
  });
});
