import { describe, expect, it } from '@jest/globals';
import { AT_ONCE } from '../support/clinic-folder.js';
import { withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { until } from '../support/until.js';

const OFTEN: [string, string] = ['    every: 1 minute\n', '    every: 300 ms\n'];
/** Where each cycle reads the last records again, and would never rest. */
const SELDOM: [string, string] = ['    every: 1 minute\n', '    every: 5 seconds\n'];
const edits = [AT_ONCE, OFTEN];

/** Adds beneficiaries one after another, each stamped now by the source's own clock. */
async function addSome({ avni }: ClinicWorld, count: number, name: string): Promise<void> {
  const like = avni.organisation.all().find(({ kind, voided }) => kind === 'subject' && !voided);
  for (let index = 0; index < count; index += 1) {
    const observations = { ...(like?.body['observations'] as object), 'First name': `${name}${index}` };
    avni.organisation.add('subject', 'Beneficiary', { ...like?.body, observations }, { id: `${name}-${index}` });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

const arrived = ({ fhir }: ClinicWorld, name: string): number =>
  fhir.repository.all('Patient').filter((patient) => JSON.stringify(patient['name'] ?? '').includes(`"${name}`)).length;

async function arrive(world: ClinicWorld, name: string, count: number): Promise<void> {
  await until(`${count} of ${name} arrive`, () => arrived(world, name) === count);
}

/** No bookmark lies ahead of the source's own clock. */
async function expectBehind(world: ClinicWorld): Promise<void> {
  const { types } = await world.status();
  for (const type of Object.values(types)) expect(Date.parse(type.bookmark?.at ?? '')).toBeLessThanOrEqual(world.avni.organisation.now());
}

describe('a source whose clock cannot be believed', () => {
  it.each<[number | null, RegExp, [string, string][]]>([
    [16_000, /ClockUnsure: avni: .* 1[56] s ahead/, edits],
    [90_000, /ClockUnsure: avni: .* (89|90) s ahead/, edits],
    [null, /ClockUnsure: avni: .*no Date header/, [AT_ONCE, SELDOM]],
  ])(
    'loses nothing and says so where its Date is %s ms ahead',
    async (dateAhead, says, edits) => {
      await withClinic({ records: 60, edits }, async (world) => {
        world.avni.settings.dateAhead = dateAhead;
        await world.start();
        const status = await world.reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined && s.types['Growth'] !== undefined);
        expect(status.words).toMatch(says);
        expect(status.words).not.toContain('is in step');
        expect(status.notes.join('\n')).toMatch(says);
        expect(status.failure).toMatchObject({ code: 'ClockUnsure', system: 'avni' });
        expect(status.unsure?.[0]?.ours).toBeDefined();
        await addSome(world, 24, 'New');
        await arrive(world, 'New', 24);
        await expectBehind(world);
        world.avni.settings.dateAhead = 0;
        await world.reaches('believed again', (s) => s.unsure === undefined && /is in step/.test(s.words));
        await addSome(world, 3, 'Later');
        await arrive(world, 'Later', 3);
        expect(await world.differences()).toEqual([]);
      });
    },
    180_000,
  );

  it('says so where its Date lags by 90 s: what is newer comes late, and comes', async () => {
    await withClinic({ records: 60, edits }, async (world) => {
      await world.start();
      await world.caughtUp();
      world.avni.settings.dateAhead = -90_000;
      const status = await world.reaches('unsure', (s) => s.unsure !== undefined && s.state === 'idle' && s.nextRun !== undefined);
      expect(status.words).toMatch(/ClockUnsure: avni: .*(89|90) s behind.*NTP/);
      await addSome(world, 5, 'New');
      expect(arrived(world, 'New')).toBe(0);
      world.avni.settings.dateAhead = 0;
      await arrive(world, 'New', 5);
      await world.reaches('in step', (s) => /is in step/.test(s.words));
      expect(await world.differences()).toEqual([]);
    });
  }, 180_000);

  it('takes its bookmarks back, and tells it, where its own clock jumps back 30 s in mid-run: what is stamped then arrives', async () => {
    await withClinic({ records: 60, edits }, async (world) => {
      await world.start();
      await world.caughtUp();
      await addSome(world, 3, 'Before');
      await arrive(world, 'Before', 3);
      await until('bookmarks are near now', async () => {
        const { types } = await world.status();
        return Date.parse(types['Beneficiary']?.bookmark?.at ?? '') > Date.now() - 5_000;
      });
      Object.assign(world.avni.organisation, { now: () => Date.now() - 30_000 });
      await addSome(world, 24, 'Jumped');
      await arrive(world, 'Jumped', 24);
      await expectBehind(world);
      const status = await world.status();
      expect(status.notes.join('\n')).toMatch(/Beneficiary: its bookmark \(.*\) lay ahead.*taken back to/);
      expect(status.unsure?.[0]?.message).toMatch(/(29|30) s behind/);
      expect(await world.differences()).toEqual([]);
    });
  }, 180_000);
});
