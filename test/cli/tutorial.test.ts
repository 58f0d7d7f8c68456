import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { openSession } from '../support/terminal-session.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A block of the page: what it is, for which file, and its text. */
interface Block {
  kind: string;
  more: string;
  text: string;
}

async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\S+) ?(.*)\n([^]*?)^```$/gm)].map(([, kind = '', more = '', content = '']) => ({
    kind,
    more,
    text: content,
  }));
}

/** Takes the lines with “-” for those with “+”. */
async function edit(file: string, diff: string): Promise<void> {
  const lines = (sign: string): string =>
    diff
      .split('\n')
      .flatMap((line) => (line.startsWith(sign) ? [line.slice(1)] : []))
      .join('\n');
  const before = await readFile(file, 'utf8');
  expect(before.split(lines('-')).length).toBe(2);
  await writeFile(
    file,
    before.replace(lines('-'), () => lines('+')),
  );
}

/** `npx sangam dev`, in a process group of its own, as a terminal has it. */
function startDev(line: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['-c', `exec ${line}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const group = -(child.pid ?? 0);
  const runs = (): boolean => {
    try {
      return process.kill(group, 0);
    } catch {
      return false;
    }
  };
  return {
    output: () => output,
    reaches: (what: string) =>
      until(
        `dev prints ${what}`,
        () => {
          if (child.exitCode !== null) throw new Error(output);
          return output.includes(what);
        },
        60_000,
        50,
      ),
    interrupt: async () => {
      process.kill(group, 'SIGINT');
      return (await closed)[0];
    },
    runs,
    kill: () => void (runs() && process.kill(group, 'SIGKILL')),
  };
}

it('each step of docs/tutorial.md does what the page says, and each command that dev prints works as printed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'sangam-tutorial-'));
  for (const name of ['integrations', 'node_modules']) await symlink(join(ROOT, name), join(home, name));
  const temporal = await findTemporal({ env: process.env, log: () => undefined });
  const bin = await quickNpx(home);
  const { TEMPORAL_ADDRESS: _address, TEMPORAL_NAMESPACE: _namespace, ...clean } = process.env;
  const env = { ...clean, PATH: [bin, dirname(temporal.path), process.env['PATH'] ?? ''].join(delimiter) };
  const session = openSession(home, env);
  let dev: ReturnType<typeof startDev> | undefined;
  try {
    const blocks = await blocksOf('docs/tutorial.md');
    expect(blocks.map(({ kind, more }) => `${kind} ${more}`.trim())).toContain('sh dev');
    for (const [index, { kind, more, text }] of blocks.entries()) {
      const next = blocks[index + 1];
      const prints = next?.kind === 'text' && next.more === 'prints' ? next.text.split('\n').filter(Boolean) : [];
      if (kind === 'diff') {
        const told = dev?.output().length ?? 0;
        await edit(join(home, more), text);
        // The folder is looked at again and again.
        const running = dev;
        if (running) await until('dev tells of the change', () => /Valid|to mend/.test(running.output().slice(told)), 20_000, 50);
        continue;
      }
      if (kind !== 'sh') continue;
      if (more === 'dev') {
        dev = startDev(text.trim(), home, { ...env, PATH: withoutTemporal(bin), TEMPORAL_CLI: temporal.path });
        await dev.reaches('Ctrl-C ends everything.');
        continue;
      }
      const shows = async (): Promise<boolean> => {
        const { status, output } = await session.type(text);
        if (more === 'until') return prints.every((line) => output.includes(line));
        expect({ text, output: prints.filter((line) => !output.includes(line)), failed: status !== 0 }).toEqual({
          text,
          output: [],
          failed: more === 'fails',
        });
        return true;
      };
      await until(`“${text.trim()}” prints ${prints.join(', ')}`, shows, 60_000, 200);
    }
    await everyCommandWorks(dev?.output() ?? '', home, bin);
    expect(await dev?.interrupt()).toBe(0);
    expect(dev?.runs()).toBe(false);
    expect((await readdir(join(home, '.sangam'))).filter((name) => name.startsWith('dev'))).toEqual([]);
  } finally {
    session.end();
    dev?.kill();
    await rm(home, { recursive: true, force: true });
  }
});

/** A folder with an `npx` that runs what npx would, without the time that npx takes to find it. */
async function quickNpx(home: string): Promise<string> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'npx'), `#!/bin/sh\nexec ${join(ROOT, 'node_modules', '.bin')}/"$@"\n`, { mode: 0o755 });
  return bin;
}

function withoutTemporal(bin: string): string {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !existsSync(join(folder, 'temporal')));
  return [bin, ...path].join(delimiter);
}

/** As in another terminal, whose own settings lead elsewhere, and which has no `temporal`. */
async function everyCommandWorks(output: string, cwd: string, bin: string): Promise<void> {
  const env = { ...process.env, PATH: withoutTemporal(bin), TEMPORAL_ADDRESS: '127.0.0.1:9' };
  const commands =
    /in this folder:\n([^]*?)Ctrl-C/
      .exec(output)?.[1]
      ?.split('\n')
      .flatMap((line) => line.trim() || []) ?? [];
  expect(commands.length).toBeGreaterThan(6);
  const run = (line: string): Promise<{ line: string; status: number }> =>
    new Promise((done) => {
      const child = execFile('bash', ['-c', line], { cwd, env, timeout: 60_000, maxBuffer: 50_000_000 }, () =>
        done({ line, status: child.exitCode ?? -1 }),
      );
    });
  const ran = await Promise.all(commands.map(run));
  expect(ran.filter(({ status }) => status !== 0)).toEqual([]);
}
