import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The audit against a registry that answers questions about flaws so. */
async function auditWith(answer: { status: number; body: unknown } | 'nothing', timeout = 60_000) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => {
      if (!request.url?.startsWith('/-/npm/v1/security/')) return void response.writeHead(404).end('{}');
      const whole = Buffer.concat(body);
      asked.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole).toString() : whole.toString());
      if (answer !== 'nothing') response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const env = { npm_config_registry: registry, npm_config_cache: `${root}/.sangam/audit-cache`, SANGAM_AUDIT_TIMEOUT: String(timeout) };
    const { exitCode, stdout } = await execa('node', ['scripts/audit.mjs'], { cwd: root, env, reject: false });
    return { exitCode, stdout, asked };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const flaw = (severity: string) => [
  {
    id: 1,
    url: 'https://example.org/flaw',
    title: 'A flaw',
    severity,
    vulnerable_versions: '>=0',
    cwe: [],
    cvss: { score: 9, vectorString: null },
  },
];

describe('the audit of packages', () => {
  it('asks about what is shipped alone, and fails for a high flaw, by name', async () => {
    const { exitCode, stdout, asked } = await auditWith({ status: 200, body: { pino: flaw('high') } });
    expect(stdout).toMatch(/^Audit: high: pino/m);
    expect(exitCode).toBe(1);
    expect(Object.keys(JSON.parse(asked[0] ?? '{}') as object)).toContain('pino');
    expect(Object.keys(JSON.parse(asked[0] ?? '{}') as object)).not.toContain('jest');
  }, 150_000);

  it('tells a lesser flaw, and fails for none', async () => {
    const { exitCode, stdout } = await auditWith({ status: 200, body: { luxon: flaw('low') } });
    expect(stdout).toMatch(/^Audit: low: luxon/m);
    expect(exitCode).toBe(0);
  }, 150_000);

  it.each([
    ['says no', { status: 405, body: {} } as const, 60_000],
    ['never answers', 'nothing' as const, 3_000],
  ])(
    'is skipped, in words, where the registry %s',
    async (_, answer, timeout) => {
      const { exitCode, stdout } = await auditWith(answer, timeout);
      expect(stdout).toBe('Audit: SKIPPED, the registry does not answer audits.');
      expect(exitCode).toBe(0);
    },
    60_000,
  );
});
