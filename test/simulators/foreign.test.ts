import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';

let simulator: FhirSimulator;
beforeAll(async () => {
  simulator = await startFhirSimulator();
});
afterAll(() => simulator.close());

/** The status of an answer to a request with these headers. */
function asked(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${simulator.url}${path}`, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

describe.each(['/fhir/metadata', '/simulator/resources', '/simulator/behaviour'])('a simulator asked for %s', (path) => {
  it.each([
    { host: 'evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost:80@evil.example' },
    { host: 'evil.example:80#localhost' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'null' },
  ])('refuses what a web page sends: %j', async (headers) => {
    expect(await asked(path, headers)).toBe(403);
    expect(await asked(path, headers, 'POST')).toBe(403);
  });

  it('answers programs of this machine', async () => {
    const { port } = new URL(simulator.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '[::1]', 'LOCALHOST'])
      for (const origin of [{}, { origin: `http://localhost:${port}` }]) expect(await asked(path, { host, ...origin })).toBe(200);
  });
});
