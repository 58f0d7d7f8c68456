import { describe, expect, it } from '@jest/globals';
import { healthCheckBody } from '../../src/simulators/avni/bodies.js';
import { Random } from '../../src/simulators/avni/random.js';
import { originCode, ORIGIN_TAG } from '../../src/connectors/fhir/identity.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { CHANGES_SELDOM, breakRecord, countRows, dependents, mend, retryAll, rowsReach, someSubjects } from '../support/errors-world.js';
import { withClinic } from '../support/clinic-world.js';
import { until } from '../support/until.js';

describe('a worker killed with SIGKILL', () => {
  it('in recording loses and doubles no row and no child; in retrying it leaves none behind', async () => {
    await withClinic({ records: 900, edits: [CHANGES_SELDOM] }, async ({ avni, client, worker, start, caughtUp, differences }) => {
      const failing = someSubjects(avni.organisation, 80, 3);
      for (const record of failing) breakRecord(avni.organisation, record);
      const held = dependents(avni.organisation, failing);
      await start();
      await until('some rows are there', async () => (await countRows(client)) >= 10, 60_000, 100);
      await worker.end('SIGKILL');
      expect(await countRows(client)).toBeLessThan(80);
      await worker.start();
      const status = await caughtUp(180_000);
      expect(status.types['Enrolment']?.total?.held).toBeGreaterThan(0);
      const rows = await rowsReach(client, '80 rows', (each) => each.length >= 80 && each.every(({ attempts }) => attempts > 0));
      expect(rows.map(({ id }) => id).sort()).toEqual(failing.map(({ id }) => id).sort());
      const waiting: string[] = [];
      for (const { workflowId, id } of rows) {
        const row = await client.workflow.getHandle(workflowId).query<RowStatus>('status');
        expect(row).toMatchObject({ state: 'failing', attempts: 1 });
        for (const child of row.waiting === 'all' ? [] : row.waiting) {
          expect(held.get(child.id)).toBe(id);
          waiting.push(child.id);
        }
      }
      expect(waiting.sort()).toEqual([...held.keys()].sort());
      const affected = new Set([...failing.map(({ id }) => id), ...held.keys()]);
      expect((await differences()).filter((each) => !affected.has(each.split(' ')[1] ?? ''))).toEqual([]);

      for (const record of failing) mend(avni.organisation, record);
      await retryAll(client);
      await until('some are healed', async () => (await countRows(client)) <= 70, 60_000, 100);
      await worker.end('SIGKILL');
      expect(await countRows(client)).toBeGreaterThan(0);
      await worker.start();
      await rowsReach(client, 'nothing is open', (each) => each.length === 0, 120_000);
      expect(await differences()).toEqual([]);
    });
  }, 400_000);

  it('in retrying, and paused before anything is tried again, leaves nothing behind once it goes on', async () => {
    await withClinic(
      { records: 60, latency: 150, edits: [CHANGES_SELDOM] },
      async ({ avni, fhir, client, worker, start, caughtUp, reaches, differences }) => {
        const { organisation } = avni;
        const failing = someSubjects(organisation, 5, 2);
        for (const record of failing) breakRecord(organisation, record);
        const ids = new Set(failing.map(({ id }) => id));
        const handle = await start();
        await caughtUp();
        await rowsReach(client, 'five rows', ({ length }) => length === 5);
        for (const record of failing) mend(organisation, record);
        const written = (): boolean =>
          fhir.repository.all('Patient').some(({ meta }) => meta?.tag?.some(({ code }) => ids.has(code?.split('/').at(-1) ?? '')));
        await retryAll(client);
        await until('some are written', written, 60_000, 5);
        await worker.end('SIGKILL');
        await handle.signal('pause', { errorsOnly: true, reason: 'the worker was lost' });
        await worker.start();
        await reaches('retries are paused', ({ errors }) => errors.state === 'paused');
        await handle.signal('resume');
        await rowsReach(client, 'nothing is open', (rows) => rows.length === 0, 120_000);
        expect(await differences()).toEqual([]);
      },
    );
  }, 240_000);

  it('in releasing children brings over all that waited, none twice', async () => {
    await withClinic(
      { records: 60, latency: 30, edits: [CHANGES_SELDOM] },
      async ({ avni, fhir, client, worker, start, caughtUp, differences }) => {
        const { organisation } = avni;
        const [parent] = someSubjects(organisation, 1, 7);
        if (!parent) throw new Error('There must be a record');
        const random = new Random(3);
        for (let n = 0; n < 400; n++)
          organisation.add('encounter', 'Health check', healthCheckBody(random, parent), { stamp: Date.now() - 60_000 - n });
        breakRecord(organisation, parent);
        const held = dependents(organisation, [parent]);
        await start();
        await caughtUp();
        await rowsReach(client, 'one row', ([row, ...others]) => row?.waiting === held.size && others.length === 0);
        mend(organisation, parent);
        const tags = (): string[] =>
          fhir.repository
            .all('Encounter')
            .flatMap(({ meta }) => (meta?.tag ?? []).flatMap(({ system, code }) => (system === ORIGIN_TAG && code ? [code] : [])));
        const codes = new Set(
          [...held.keys()].map((id) => originCode({ integration: 'clinic', process: 'maternal-health', entityType: 'HealthCheck', id })),
        );
        const arrived = (): string[] => tags().filter((code) => codes.has(code));
        await retryAll(client);
        await until('some children have arrived', () => arrived().length > 0, 60_000, 5);
        await worker.end('SIGKILL');
        expect(arrived().length).toBeLessThan(300);
        await worker.start();
        await rowsReach(client, 'nothing is open', (rows) => rows.length === 0, 120_000);
        expect(await differences()).toEqual([]);
        expect(new Set(arrived()).size).toBe(arrived().length);
      },
    );
  }, 240_000);
});
