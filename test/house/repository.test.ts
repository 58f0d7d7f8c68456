import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

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

  it('has a compose file with every part, bound to this machine alone', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { image?: string; ports?: string[] }>;
    };
    expect(Object.keys(services).sort()).toEqual(['namespace', 'postgres', 'schema', 'temporal', 'ui', 'worker']);
    for (const { image, ports } of Object.values(services)) {
      expect(image ?? '').not.toContain('auto-setup');
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(read('docker-compose.yml')).toContain('--retention 720h');
  });

  it('has a compose file that a compose tool reads, where there is one', () => {
    const env = {
      ...process.env,
      ...Object.fromEntries(
        ['POSTGRES_PASSWORD', 'AVNI_URL', 'AVNI_USERNAME', 'AVNI_PASSWORD', 'FHIR_URL', 'FHIR_TOKEN'].map((name) => [name, 'x']),
      ),
    };
    const tool = [['docker-compose'], ['docker', 'compose']].find(([command = '', ...rest]) => {
      try {
        execFileSync(command, [...rest, 'version'], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    });
    if (!tool) return;
    const [command = '', ...rest] = tool;
    expect(() =>
      execFileSync(command, [...rest, '-f', 'docker-compose.yml', 'config', '-q'], { cwd: root, env, stdio: 'pipe' }),
    ).not.toThrow();
  });
});
