import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const lock = readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8');
const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string; resolved?: string; integrity?: string }> };
const installed = Object.entries(packages).filter(([path]) => path !== '');

describe('the lock of packages', () => {
  it('has the checksum of every package, so that npm refuses one whose content was exchanged', () => {
    expect(installed.length).toBeGreaterThan(500);
    expect(installed.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')).map(([path]) => path)).toEqual(
      [],
    );
  });

  it('names no registry: packages come from the one that a machine has', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('has one version of everything of Temporal', () => {
    const versions = installed.flatMap(([path, { version }]) => (/@temporalio\/[^/]+$/.test(path) ? [version] : []));
    expect(new Set(versions)).toEqual(new Set(['1.24.0']));
  });
});
