import { describe, expect, it } from '@jest/globals';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

const adopting: [string, string] = [
  'to: { system: emr, resource: Patient }',
  'to: { system: emr, resource: Patient, adopt: true, key: { system: "urn:health-id", value: "observations.`Health ID` ? observations.`Health ID` : ID" } }',
];

const hospitals = {
  resourceType: 'Patient',
  id: 'theirs',
  meta: { profile: ['http://hospital/patient'], security: [{ system: 'urn:hospital', code: 'R' }] },
  extension: [{ url: 'http://hospital/religion', valueString: 'x' }],
  identifier: [
    { system: 'urn:hospital:mrn', value: 'MRN-1' },
    { system: 'urn:health-id', value: 'H-1' },
  ],
  name: [{ family: 'Rao' }],
  maritalStatus: { text: 'married' },
  generalPractitioner: [{ display: 'Dr Iyer' }],
};

function setHealthId({ avni }: ClinicWorld, id: string, value: string): void {
  const body = avni.organisation.get(id)?.body ?? {};
  const observations = { ...(body['observations'] as object), 'Health ID': value };
  avni.organisation.change(id, { body: { observations } }, Date.now() - 1_500);
}

/** The ids of valid Patients that a record’s tag is on. */
function patientsOf({ fhir }: ClinicWorld, id: string): string[] {
  const found = fhir.repository.by('Patient', `tag urn:sangam:origin|clinic/maternal-health/Beneficiary/${id}`);
  return found.filter((each) => each['active'] !== false).map((each) => each.id);
}

describe('a hospital’s Patient', () => {
  it('is taken over with all that is the hospital’s, let go when the key is corrected, and then its true owner’s, with the children following', async () => {
    await withClinic({ records: 120, edits: [AT_ONCE, adopting] }, async (world) => {
      const { avni, fhir, client } = world;
      Object.assign(fhir.behaviour, { mergesMeta: true, versionOfSame: false, strict: true });
      fhir.repository.put(hospitals);
      const people = avni.organisation.all().filter(({ kind, voided }) => kind === 'subject' && !voided);
      const enrolled = people.filter(({ id }) =>
        avni.organisation.all().some((each) => each.kind === 'enrolment' && !each.voided && each.body['Subject ID'] === id),
      );
      const [a = '', b = ''] = enrolled.map(({ id }) => id);
      setHealthId(world, a, 'H-1');
      await world.start();
      const first = await world.caughtUp();
      expect(first.types['Beneficiary']?.total).toMatchObject({ adopted: 1, updated: 1 });
      const stored: Record<string, unknown> = fhir.repository.get('Patient', 'theirs') ?? {};
      const { meta, extension, identifier, maritalStatus, generalPractitioner } = stored;
      const theirs = { extension, maritalStatus, generalPractitioner };
      expect(hospitals).toMatchObject(theirs);
      expect(meta).toMatchObject({ profile: hospitals.meta.profile, security: hospitals.meta.security });
      expect(identifier).toEqual([...hospitals.identifier, { system: 'urn:avni:subject', value: a }]);
      expect(patientsOf(world, a)).toEqual(['theirs']);

      setHealthId(world, a, 'H-2');
      setHealthId(world, b, 'H-1');
      await client.workflow.getHandle(PROCESS).signal('runNow');
      await until('it is the other’s', () => patientsOf(world, b).join() === 'theirs' && patientsOf(world, a).length === 1, 60_000);
      expect(patientsOf(world, a)).not.toContain('theirs');
      const points = (): string[] =>
        fhir.repository.all('EpisodeOfCare').map((each) => (each['patient'] as { reference: string }).reference.slice('Patient/'.length));
      await until('their children follow', () => points().every((id) => fhir.repository.get('Patient', id)?.['active'] !== false), 60_000);
      expect(points()).toEqual(expect.arrayContaining([...patientsOf(world, a), ...patientsOf(world, b)]));
      const { updated = 0, errored, held } = (await world.reaches('idle', (s) => s.state === 'idle')).types['Beneficiary']?.total ?? {};
      expect([updated, errored, held]).toEqual([3, 0, 0]);
    });
  }, 240_000);
});
