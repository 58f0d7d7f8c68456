import { describe, expect, it } from '@jest/globals';
import { personalValues } from '../../src/simulators/avni/generate.js';
import type { Sheet } from '../../src/model/sheet.js';
import { balances } from '../../src/model/sheet.js';
import { withClinic } from '../support/clinic-world.js';
import { everythingKept } from '../support/everything-kept.js';
import { until } from '../support/until.js';

const sum = (world: { types: Record<string, { total?: Sheet }> }, key: keyof Sheet): number =>
  Object.values(world.types).reduce((total, type) => total + (type.total?.[key] ?? 0), 0);

describe('the clinic process, end to end', () => {
  it('brings everything over through three kills of the worker, with nothing lost, doubled or leaked', async () => {
    await withClinic({ records: 700, latency: 15 }, async (world) => {
      const { worker, fhir, avni } = world;
      await world.start();
      for (const share of [0.05, 0.3, 0.6]) {
        await until('more was written', () => fhir.repository.all().length > share * 700, 60_000);
        await worker.end('SIGKILL');
        await worker.start();
      }
      const status = await world.caughtUp(180_000);
      expect(await world.differences()).toEqual([]);
      const tags = fhir.repository.all('Patient').map(({ meta }) => meta?.tag?.[0]?.code);
      expect(new Set(tags).size).toBe(tags.length);
      for (const type of Object.values(status.types)) expect(type.total && balances(type.total)).toBe(true);
      expect(sum(status, 'errored') + sum(status, 'held')).toBe(0);
      const stored = await everythingKept(world.client);
      // Payloads are looked into, not only what stands around them.
      expect(stored).toContain('lastDone');
      const kept = stored + worker.output + JSON.stringify(status);
      for (const secret of [...new Set(personalValues(avni.organisation)), 'secret-of-avni', 'secret-of-fhir'])
        expect(kept.includes(secret)).toBe(false);
    });
  }, 400_000);

  it('pauses in the middle with no request to either system until resumed, also over a restart of the worker', async () => {
    await withClinic({ records: 500, latency: 20 }, async (world) => {
      const { worker, fhir, avni } = world;
      const handle = await world.start();
      await until('something was written', () => fhir.repository.all().length > 50, 60_000);
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha' });
      await world.reaches('paused', (s) => s.state === 'paused');
      expect(avni.inFlight() + fhir.inFlight()).toBe(0);
      const before = avni.requests.length + fhir.requests.length;
      await worker.end('SIGTERM');
      await worker.start();
      expect(await world.status()).toMatchObject({ state: 'paused', reason: 'EMR upgrade', by: 'Asha' });
      expect(avni.requests.length + fhir.requests.length).toBe(before);
      await handle.signal('resume');
      await world.caughtUp();
      expect(await world.differences()).toEqual([]);
    });
  }, 180_000);

  it('says what is wrong while a system is down, and goes on by itself', async () => {
    await withClinic({ records: 200 }, async (world) => {
      world.fhir.faults.push({ path: '/fhir', do: { respond: { status: 503, headers: { 'retry-after': '1' } } } });
      await world.start();
      const waiting = await world.reaches('waiting', (s) => s.state === 'waiting');
      expect(waiting.failure).toMatchObject({ code: 'Unavailable', entityType: 'Beneficiary', needs: 'system' });
      world.fhir.faults.length = 0;
      await world.caughtUp();
      expect(await world.differences()).toEqual([]);
    });
  }, 120_000);

  it('goes on where it was after it was terminated, from its memos', async () => {
    await withClinic({ records: 600, latency: 10 }, async (world) => {
      const first = await world.start();
      await world.reaches('the first type is done', (s) => s.types['Beneficiary']?.lastDone !== undefined, 60_000);
      await first.terminate('by mistake');
      const { memo } = await first.describe();
      expect(Object.keys(memo?.['bookmarks'] as object)).toContain('Beneficiary');
      await world.start({ bookmarks: memo?.['bookmarks'] });
      const status = await world.caughtUp();
      expect(status.types['Beneficiary']?.total?.created ?? 0).toBe(0);
      expect(await world.differences()).toEqual([]);
    });
  }, 120_000);
});
