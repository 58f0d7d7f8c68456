import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const tracked = (): string[] => execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

describe('the repository', () => {
  it('has one version of everything of Temporal, and names no registry', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version?: string; resolved?: string }> };
    const versions = Object.entries(packages).flatMap(([path, { version }]) => (/@temporalio\/[^/]+$/.test(path) ? [version] : []));
    expect(new Set(versions)).toEqual(new Set(['1.24.0']));
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('keeps its rooms small: none over 300 lines, the median under 100', () => {
    const lengths = tracked()
      .filter((file) => /^(src|workflows|activities)\/.*\.ts$/.test(file))
      .map((file) => read(file).split('\n').length);
    lengths.sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(300);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
  });
});
