import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { searchAttributes } from '../../src/temporal/register-search-attributes.js';

interface Service {
  image?: string;
  ports?: string[];
  command?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  privileged?: boolean;
  depends_on?: Record<string, { condition: string }>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const secrets = ['POSTGRES_PASSWORD', 'AVNI_URL', 'AVNI_USERNAME', 'AVNI_PASSWORD', 'FHIR_URL', 'FHIR_TOKEN'];

/** The compose tool of this machine, if any. */
const tool = [['docker-compose'], ['docker', 'compose']].find(([command = '', ...rest]) => {
  try {
    execFileSync(command, [...rest, 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('the compose file', () => {
  it('has every part, of one known version, bound to this machine alone', () => {
    expect(Object.keys(services).sort()).toEqual(['namespace', 'postgres', 'schema', 'temporal', 'ui', 'worker']);
    for (const { image, ports } of Object.values(services)) {
      expect(image ?? ':1').toMatch(/:[\w.-]*\d[\w.-]*$/);
      expect(image ?? '').not.toContain('auto-setup');
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('prepares the namespace with thirty days of retention and every search attribute before a worker starts', () => {
    const job = services['namespace']?.command?.join('\n') ?? '';
    expect(job).toContain('--retention 720h');
    for (const [name, type] of Object.entries(searchAttributes)) expect(job).toContain(`--name ${name} --type ${type}`);
    expect(services['worker']?.depends_on?.['namespace']?.condition).toBe('service_completed_successfully');
    expect(services['temporal']?.depends_on?.['schema']?.condition).toBe('service_completed_successfully');
  });

  it('takes secrets from the environment alone, which .env.example lists, and mounts the definitions', () => {
    for (const [name, value] of Object.values(services).flatMap(({ environment }) => Object.entries(environment ?? {})))
      if (/PASSWORD|PWD|TOKEN|SECRET|USERNAME/.test(name)) expect(`${name}=${value}`).toMatch(/^\w+=\$\{\w+:\?[^}]+\}$/);
    const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect([...new Set(asked)].sort()).toEqual([...secrets].sort());
    expect([...read('.env.example').matchAll(/^(\w+)=$/gm)].map(([, name]) => name).sort()).toEqual([...secrets].sort());
    expect(services['worker']?.volumes).toEqual(['./integrations:/integrations:ro']);
    expect(read('Dockerfile')).toContain('HEALTHCHECK');
  });

  it('gives the worker a read-only file system, and nothing that serves a right of the system or a new one', () => {
    expect(services['worker']).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    for (const name of ['ui', 'temporal']) expect(services[name]?.cap_drop).toEqual(['ALL']);
    for (const name of ['worker', 'ui', 'temporal', 'postgres']) expect(services[name]?.security_opt).toEqual(['no-new-privileges:true']);
    for (const { privileged } of Object.values(services)) expect(privileged).toBeUndefined();
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
  });

  // A machine without a compose tool skips it, and says so.
  (tool ? it : it.skip)('is read by a compose tool, and refused where a secret is not set', () => {
    const [command = '', ...rest] = tool ?? [];
    const config = (env: Record<string, string | undefined>): string =>
      execFileSync(command, [...rest, '-f', 'docker-compose.yml', '--env-file', '.env.example', 'config', '-q'], {
        cwd: root,
        env: { ...process.env, ...env },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    const all = Object.fromEntries(secrets.map((name) => [name, 'x']));
    expect(config(all)).toBe('');
    for (const name of secrets) expect(() => config({ ...all, [name]: undefined })).toThrow(name);
  });
});
