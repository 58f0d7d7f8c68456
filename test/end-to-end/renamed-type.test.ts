import { expect, it } from '@jest/globals';
import { AT_ONCE } from '../support/clinic-folder.js';
import { withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

const OFTEN: [string, string] = ['    every: 1 minute\n', '    every: 300 ms\n'];

/** Gives beneficiaries another name each, a second and a half ago. */
function change({ avni }: ClinicWorld, ids: string[], name: string): void {
  for (const id of ids) {
    const observations = { ...(avni.organisation.get(id)?.body['observations'] as object), 'First name': name };
    avni.organisation.change(id, { body: { observations } });
  }
}

it('a subject type renamed in Avni stops its type where it is, says so, and loses nothing once it is corrected', async () => {
  await withClinic({ records: 60, edits: [AT_ONCE, OFTEN] }, async (world) => {
    const { avni, fhir, reaches, definition } = world;
    await world.start();
    const before = await world.caughtUp();
    const ids = avni.organisation.all().flatMap(({ id, kind, voided }) => (kind === 'subject' && !voided ? [id] : []));
    avni.organisation.renameType('subject', 'Beneficiary', 'Member');
    change(world, ids.slice(0, 2), 'Asha');
    const stopped = await reaches('stopped', (s) => s.types['Beneficiary']?.stopped?.code === 'UnknownType');
    expect(stopped.failure).toMatchObject({ entityType: 'Beneficiary', code: 'UnknownType', needs: 'person' });
    expect(stopped.words).not.toMatch(/in step/i);
    expect(stopped.words).toContain('Beneficiary');
    const at = stopped.types['Beneficiary']?.bookmark?.at ?? '';
    expect(at >= (before.types['Beneficiary']?.bookmark?.at ?? '')).toBe(true);
    change(world, ids.slice(2, 4), 'Bina');
    const cycle = stopped.cycle;
    const later = await reaches('it asked again', (s) => s.cycle > cycle + 2 && (s.types['Beneficiary']?.failures ?? 0) > 1);
    expect(later.types['Beneficiary']?.bookmark?.at).toBe(at);
    expect(later.types['Beneficiary']?.stopped?.code).toBe('UnknownType');
    await definition.edit(['subject: Beneficiary', 'subject: Member']);
    for (const name of ['Asha', 'Bina'])
      await until(
        `${name} arrives`,
        () => fhir.repository.all('Patient').filter((patient) => JSON.stringify(patient['name']).includes(name)).length === 2,
      );
    const well = await reaches('well', (s) => s.state === 'idle' && s.failure === undefined);
    expect(well.types['Beneficiary']?.stopped).toBeUndefined();
    expect(await world.differences()).toEqual([]);
  });
}, 120_000);
