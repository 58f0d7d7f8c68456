import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { whatNext } from '../../src/cli/demo/what-next.js';
import { findTemporal } from '../../src/temporal/find-temporal.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const target = { address: '127.0.0.1:7233', namespace: 'default', explicit: true };
const demo = whatNext({ target, here: 'TEMPORAL_ADDRESS=127.0.0.1:7233', avni: 'http://a', fhir: 'http://f' });

/** README, docs and what the demo prints. */
async function pages(): Promise<string> {
  const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  const texts = await Promise.all(['README.md', ...docs].map((name) => readFile(join(root, name), 'utf8')));
  return [...texts, demo].join('\n');
}

/** Every command that begins with a program’s name, up to the end of its line or of its code. */
async function commands(program: string): Promise<string[]> {
  return [...(await pages()).matchAll(new RegExp(`(?<![\\w-])${program} [^\`\\n|;)]+`, 'g'))].map(([command]) => command.trim());
}

function flags(command: string): string[] {
  return [...command.replace(/'[^']*'|"[^"]*"/g, '').matchAll(/(?<=[\s[])--[a-z-]+/g)].map(([flag]) => flag);
}

describe('a command in README, docs or the demo', () => {
  it('of npx sangam is there, with its flags', async () => {
    const all = await commands('npx sangam');
    expect(all.length).toBeGreaterThan(8);
    const helps = new Map<string, string>();
    for (const command of all) {
      const name = /^npx sangam ([a-z]+)/.exec(command)?.[1] ?? '';
      const help = helps.get(name) ?? (await run(process.execPath, [join(root, 'bin', 'sangam.js'), name, '--help'])).stdout;
      helps.set(name, help);
      expect(help).toContain(`Usage: sangam ${name}`);
      for (const flag of flags(command)) expect(`${command}: ${help}`).toMatch(new RegExp(`^ +${flag}\\b`, 'm'));
    }
  }, 120_000);

  it('of temporal is there, with its flags', async () => {
    const { path } = await findTemporal({ env: process.env, log: () => undefined });
    const all = await commands('temporal workflow');
    expect(all.length).toBeGreaterThan(8);
    for (const command of all) {
      const words = /^temporal ((?:[a-z]+ ?)+)/.exec(command)?.[1]?.trim().split(' ') ?? [];
      const { stdout: help } = await run(path, [...words, '--help']);
      expect(help).toContain(`temporal ${words.join(' ')}`);
      for (const flag of flags(command)) expect(`${command}: ${help}`).toMatch(new RegExp(`${flag}\\b`));
    }
  }, 120_000);

  it('of npm run is there', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const named = (await commands('npm run')).map((command) => /^npm run (?:-s )?([\w:]+)/.exec(command)?.[1]);
    expect(named).toContain('demo');
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
});
