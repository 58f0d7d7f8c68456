import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { withCli } from '../support/cli-world.js';
import { until } from '../support/until.js';

const SANGAM = join(fileURLToPath(new URL('../../', import.meta.url)), 'bin', 'sangam.js');

describe('a process for which no worker answers', () => {
  it('is shown beside the others within seconds, with where it got to and what to do', async () => {
    await withCli('cli-silent', generateOrganisation({ seed: 9, records: 30 }), async (world) => {
      const { sangam, process, client, taskQueue, worker, caughtUp } = world;
      const { types } = await caughtUp();
      const lone = 'cli-silent/lone';
      const handle = await client.workflow.start('integrationProcess', {
        workflowId: lone,
        taskQueue: `${taskQueue}-none`,
        args: [{ process: lone }],
      });
      await until('both are listed', async () => (await sangam('status')).out.includes(lone));
      const began = Date.now();
      const all = await sangam('status');
      // Far less than Temporal itself waits; what a command takes to start is in it.
      expect(Date.now() - began).toBeLessThan(60_000);
      expect(all).toMatchObject({ status: 2, error: '' });
      expect(all.out).toContain(`${process}: idle since`);
      expect(all.out).toContain(`${lone}: does not answer`);
      expect(all.out).toContain(`Start one with: npx sangam worker --task-queue ${taskQueue}-none`);
      await handle.terminate('over');

      await worker.end('SIGKILL');
      const silent = await sangam('status', process);
      expect(silent).toMatchObject({ status: 2, error: '' });
      expect(silent.out).toContain(`Beneficiary: got to ${types['Beneficiary']?.bookmark?.at ?? ''}`);

      await client.workflow.getHandle(process).terminate('by mistake');
      await worker.start();
      const ended = await sangam('status', process, '--json');
      expect(ended.status).toBe(1);
      expect(JSON.parse(ended.out)).toMatchObject({
        process,
        noStatus: expect.stringMatching(/was terminated\. .*npx sangam bookmarks/),
        bookmarks: { Beneficiary: { at: expect.any(String) } },
      });
      expect((await sangam('status', `${process}/sync/Beneficiary`)).error).toContain('is no integration process');
      expect((await sangam('status', 'cli-silent/none')).error).toContain('No process "cli-silent/none" runs');
    });
  }, 240_000);
});

describe('a process that cannot go on, or did not begin', () => {
  it('is shown with the reason that Temporal keeps', async () => {
    await withCli('cli-broken', generateOrganisation({ seed: 9, records: 30 }), async ({ sangam, client, taskQueue }) => {
      const newer = 'cli-broken/newer';
      const start = (workflowId: string, input: object) =>
        client.workflow.start('integrationProcess', { workflowId, taskQueue, args: [{ process: workflowId, ...input }] });
      const handle = await start(newer, { state: { v: 99, types: {} } });
      await until('its task failed', async () =>
        (await handle.fetchHistory()).events?.some((event) => event.workflowTaskFailedEventAttributes),
      );
      const shown = await sangam('status', newer);
      expect(shown.status).toBe(2);
      expect(shown.out).toContain('It runs, and cannot go on: State version 99 is not known to this release: run a newer worker.');
      expect(shown.out).not.toContain('no worker answers');
      await handle.terminate('over');

      const odd = await start('cli-broken/odd', { bookmark: {} });
      await odd.result().catch(() => undefined);
      const ended = await sangam('status', 'cli-broken/odd');
      expect(ended.status).toBe(1);
      expect(ended.out).toContain('It does not run: its start was refused. Start input knows no "bookmark"');
      expect(ended.out).toContain('Start it again with an input that is right.');
    });
  }, 120_000);
});

describe('Ctrl-C', () => {
  it.each(['status', 'errors', 'errors show a/b A x', 'bookmarks a/b', 'setup'])(
    'ends %s at once, though Temporal does not answer',
    async (line) => {
      const mute = createServer();
      mute.listen(0, '127.0.0.1');
      await once(mute, 'listening');
      const address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
      const child = spawn(process.execPath, [SANGAM, ...line.split(' ')], {
        env: { ...process.env, TEMPORAL_ADDRESS: address },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      const [socket] = await once(mute, 'connection');
      const began = Date.now();
      child.kill('SIGINT');
      await ended;
      expect(child.signalCode).toBe('SIGINT');
      expect(Date.now() - began).toBeLessThan(15_000);
      (socket as { destroy(): void }).destroy();
      mute.close();
    },
  );
});
