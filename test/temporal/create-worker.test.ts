import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { Slots } from '../../activities/slots.js';
import { createHttp } from '../../src/http/create-http.js';
import { buildWorkflowBundle } from '../../src/temporal/build-bundle.js';
import { createWorker } from '../../src/temporal/create-worker.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { classified } from '../errored/support.js';
import { timing } from '../support/process-harness.js';
import { broken, rawSignal } from '../support/raw-client.js';
import { until } from '../support/until.js';

const address = process.env['SANGAM_TEST_TEMPORAL'] ?? '';
const AT = '2026-01-01T00:00:00.000Z';
const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sangam-bundle-'));
});
afterAll(async () => rm(folder, { recursive: true }));

/** Runs a worker over this bundle, in which a row is told something that cannot be decoded. */
async function toldOf(bundle: string): Promise<RowStatus> {
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const http = createHttp({ timeout: 1_000 });
  try {
    const client = new Client({ connection });
    const log = pino({ level: 'silent' });
    const integrations = new IntegrationStore({ path: folder, connectorTypes, env: {}, log });
    const taskQueue = `bundle-${process.pid}-${Date.now()}`;
    const dependencies = { client, integrations, http, log, slots: new Slots(), worker: 'w', timing, softLimit: 1_000, now: Date.now };
    const worker = await createWorker({ connection: native, namespace: 'default', taskQueue, dependencies, bundle });
    return await worker.runUntil(async () => {
      const row = { process: `${taskQueue}/p`, entityType: 'A', id: 'r1' };
      await sendToRow({ client, taskQueue }, row, { kind: 'failed', ...failure });
      const handle = client.workflow.getHandle(rowId(row.process, 'A', 'r1'));
      await rawSignal(client, handle.workflowId, 'synced', broken.noJson);
      const told = await until('it is told', async () => {
        const each = await handle.query<RowStatus>('status');
        return each.ignoredMessage !== undefined && each;
      });
      await handle.terminate('test over');
      return told;
    });
  } finally {
    http.close();
    await native.close();
    await connection.close();
  }
}

describe('a worker', () => {
  it('does the same with a prebuilt bundle and with one that it builds: what cannot be decoded is refused', async () => {
    const built = join(folder, 'bundle.js');
    await buildWorkflowBundle(built);
    for (const bundle of [built, join(folder, 'there-is-none.js')]) {
      const row = await toldOf(bundle);
      expect(row.ignoredMessage).toContain('synced: its payload cannot be decoded (encoding json/plain)');
      expect(row).toMatchObject({ state: 'failing', attempts: 1 });
    }
  });
});
