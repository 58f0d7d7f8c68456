import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findTemporal } from '../../../src/temporal/find-temporal.js';
import { startDemo, type DemoProcess } from '../../support/demo-process.js';
import { until } from '../../support/until.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FIELDS = ['read', 'created', 'updated', 'unchanged', 'removed', 'filtered', 'errored', 'held', 'seconds', 'recordsPerSecond'];
const open: { end(): unknown }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.end()));

function demo(args: string[], env: Record<string, string> = {}): DemoProcess {
  const started = startDemo(args, env);
  open.push({ end: started.kill });
  return started;
}

/** Makes a port busy, if it is not. */
async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await Promise.race([once(server, 'listening'), once(server, 'error').catch(() => undefined)]).catch(() => undefined);
  open.push({ end: () => server.close() });
}

const folders = (): string[] =>
  (existsSync(join(ROOT, '.sangam')) ? readdirSync(join(ROOT, '.sangam')) : []).filter((name) => name.startsWith('demo-'));

/** Runs a line in a shell that has no `temporal`, and whose own settings lead elsewhere. */
function shell(line: string): Promise<{ status: number; out: string }> {
  const env = { ...process.env, PATH: withoutTemporal(), TEMPORAL_ADDRESS: '127.0.0.1:9', TEMPORAL_NAMESPACE: 'elsewhere' };
  return new Promise((resolve) => {
    const child = execFile('bash', ['-c', line], { cwd: ROOT, env, timeout: 60_000 }, (_error, out, error) =>
      resolve({ status: child.exitCode ?? -1, out: out + error }),
    );
  });
}

function withoutTemporal(): string {
  return (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !existsSync(join(folder, 'temporal')))
    .join(':');
}

describe('npm run demo', () => {
  it('brings everything over, heals what was broken, says so in one line of JSON, and leaves nothing behind', async () => {
    const before = folders();
    for (const port of [7233, 8233]) await occupy(port);
    // What leads the operator's own commands elsewhere is not for the demo.
    const run = demo(['--exit', '--records', '80'], {
      TEMPORAL_NAMESPACE: 'elsewhere',
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      // No proxy is asked for what is on this machine.
      ...Object.fromEntries(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].map((name) => [name, 'http://127.0.0.1:9'])),
      no_proxy: 'emr.example',
    });
    expect({ status: await run.status(), last: run.lines().slice(-3, -1) }).toEqual({
      status: 0,
      last: ['avni → emr: both systems agree, record by record.', 'emr → avni: both systems agree, record by record.'],
    });
    const summary = JSON.parse(run.lines().at(-1) ?? '') as Record<string, number | boolean>;
    expect(Object.keys(summary).sort()).toEqual([...FIELDS, 'historyEvents', 'historyBytes', 'erroredOpen', 'healed', 'agree'].sort());
    expect(summary).toMatchObject({ agree: true, erroredOpen: 0, errored: 5 });
    // The five, and what came back for somebody among them.
    expect(summary['healed']).toBeGreaterThanOrEqual(5);
    expect(summary['read']).toBeGreaterThanOrEqual(78);
    const output = run.lines().join('\n');
    expect(output).toMatch(/Temporal 127\.0\.0\.1:\d+/);
    expect(output).not.toMatch(/:(7233|8233)\b/);
    expect(run.runs()).toBe(false);
    expect(folders().filter((each) => !before.includes(each))).toEqual([]);
  }, 200_000);

  it('ends with status 1 where the systems do not agree, and says where', async () => {
    const run = demo(['--exit', '--records', '30']);
    const [, fhir] = await run.line(/FHIR R4 server (http:\S+\/fhir)/);
    const stray = await fetch(`${fhir}/Patient/stray`, {
      method: 'PUT',
      headers: { authorization: 'Bearer demo', 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Patient', id: 'stray' }),
    });
    expect(stray.status).toBe(201);
    expect(await run.status()).toBe(1);
    expect(run.lines().join('\n')).toContain('avni → emr: the systems do NOT agree: 1 differences.\n  Patient stray is of no record');
    expect(JSON.parse(run.lines().at(-1) ?? '')).toMatchObject({ agree: false });
  }, 200_000);

  it('leaves nothing running where npm alone is told to end, and takes away what demos left that are gone', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    const left = join(ROOT, '.sangam', `demo-${gone.pid}`);
    mkdirSync(left, { recursive: true });
    const run = demo(['--records', '30']);
    await run.line(/and a worker are up/);
    expect(existsSync(left)).toBe(false);
    run.terminate();
    await run.status();
    await until('nothing of it runs', () => !run.runs());
  }, 200_000);

  it('leaves nothing running where nobody reads what it says any more', async () => {
    const run = demo(['--records', '30']);
    await run.line(/and a worker are up/);
    run.stopReading();
    await run.status();
    await until('nothing of it runs', () => !run.runs());
  }, 200_000);

  it('keeps what its parts said where it fails, and refuses more records than it bears', async () => {
    const before = folders();
    const home = await mkdtemp(join(tmpdir(), 'sangam-demo-'));
    const broken = join(home, 'temporal');
    await writeFile(broken, '#!/bin/sh\n[ "$1" = server ] || { echo temporal version 1.5.1; exit 0; }\necho no port is free\nexit 1\n', {
      mode: 0o755,
    });
    const run = demo(['--exit', '--records', '30'], { TEMPORAL_CLI: broken });
    expect(await run.status()).toBe(1);
    const folder = /What its parts said stays in (\S+) until/.exec(run.lines().join('\n'))?.[1] ?? '';
    expect(readFileSync(join(folder, 'temporal.log'), 'utf8')).toContain('no port is free');
    rmSync(folder, { recursive: true });
    await rm(home, { recursive: true });
    for (const records of ['200001', '9', '1e99', 'many']) {
      const refused = demo(['--records', records]);
      expect(await refused.status()).toBe(1);
      expect(refused.lines().join()).toContain('--records takes a whole number from 10 to 200,000');
    }
    expect(folders().filter((each) => !before.includes(each))).toEqual([]);
  }, 200_000);

  it('prints what to try next, each a command that works as printed, and stays until Ctrl-C', async () => {
    const { path } = await findTemporal({ env: process.env, log: () => undefined });
    const run = demo(['--records', '30'], { TEMPORAL_CLI: path });
    await run.line(/Ctrl-C ends everything/);
    const ran = run.lines().flatMap((line) => (line.startsWith('$ ') && line.includes('errors') ? [line.slice(2)] : []));
    const tries = run.lines().slice(run.lines().findIndex((line) => line.startsWith('It follows changes now')));
    const commands = tries.flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []));
    expect(commands).toHaveLength(7);
    const outs: string[] = [];
    for (const command of commands.filter((each) => !each.startsWith('sleep'))) {
      const { status, out } = await shell(command);
      expect({ command, status, out }).toMatchObject({ status: 0 });
      outs.push(out);
    }
    const now = await shell((commands.find((each) => each.startsWith('sleep')) ?? '').replace(/^sleep 12; /, ''));
    expect(now).toMatchObject({ status: 0 });
    // The status is asked for before and after: what the commands did is seen.
    expect(outs[0]).toContain('idle');
    expect(outs[1]).toContain('hospital/care: idle');
    expect(await shell(ran.find((each) => each.includes('npx sangam errors')) ?? 'exit 1')).toMatchObject({ status: 0 });
    run.interrupt();
    // npm itself is ended by the signal, and says nothing of how the demo ended.
    await run.status();
    await until('nothing of it runs', () => !run.runs());
    expect(run.lines().at(-1)).toBe('Stopping …');
  }, 120_000);
});
