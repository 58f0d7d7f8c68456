import { describe, expect, it } from '@jest/globals';
import type { FhirBehaviour } from '../../src/simulators/fhir/behaviour.js';
import { bundle, idsOf, invalid, many, patient, put, world, type Ask } from './fhir-world.js';

describe('other kinds of server', () => {
  const stale = (ask: Ask) => ask('PUT', '/Patient/p1', patient('p1'), { 'if-match': 'W/"9"' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const kinds: [Partial<FhirBehaviour>, (ask: Ask) => Promise<unknown>, unknown][] = [
    [
      { staleIfMatch: 400 },
      async (ask) => [(await stale(ask)).status, (await stale(ask)).body.issue?.[0]?.diagnostics],
      [400, 'precondition-failed'],
    ],
    [{ etags: false }, async (ask) => (await ask('GET', '/Patient/p1')).headers.get('etag'), null],
    [{ deleteStatus: 200 }, async (ask) => (await ask('DELETE', '/Patient/p1')).status, 200],
    [{ createStatus: 200 }, async (ask) => (await ask('PUT', '/Patient/new', patient('new'))).status, 200],
    [
      { removedStatus: 404 },
      async (ask) => [(await ask('DELETE', '/Patient/p1')).status, (await ask('GET', '/Patient/p1')).status],
      [204, 404],
    ],
    [
      { versionOfSame: false },
      async (ask) => {
        const { body } = await ask('GET', '/Patient/p1');
        return (await ask('PUT', '/Patient/p1', body)).body.meta?.versionId;
      },
      '1',
    ],
    [{ searchAdds: 3 }, async (ask) => idsOf(await ask('GET', '/Patient?_id=p1')).length, 4],
    [{ totals: false }, async (ask) => (await ask('GET', '/Patient')).body.total, undefined],
    [{ links: false }, async (ask) => (await ask('GET', '/Patient?_count=2')).body.link, undefined],
    [{ postSearch: false }, async (ask) => (await ask('POST', '/Patient/_search', '_id=p1', form)).status, 415],
    [{ conditional: false }, async (ask) => (await ask('PUT', '/Patient?identifier=s|1', patient('p1'))).status, 400],
    [{ validates: false }, async (ask) => (await ask('PUT', '/Patient/p1', invalid('p1'))).status, 200],
    [
      { transactions: false },
      async (ask) => {
        const { status, body } = await ask('POST', '', bundle('transaction', put(patient('x'))));
        return [status, body.issue?.[0]?.code];
      },
      [400, 'not-supported'],
    ],
  ];

  it.each(kinds)('%j', async (behaviour, look, expected) => {
    const { simulator, ask } = await world();
    await many(ask, 6);
    expect(await look((await usual()).ask)).not.toEqual(expected);
    await fetch(`${simulator.url}/simulator/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });
    expect(await look(ask)).toEqual(expected);
  });

  async function usual(): Promise<{ ask: Ask }> {
    const { ask } = await world();
    await many(ask, 6);
    return { ask };
  }
});

it('takes resources that seem to have been stored before, whatever they hold', async () => {
  const { simulator, ask } = await world();
  await many(ask, 2);
  const resources = [patient('old', { meta: { lastUpdated: '2026-01-01T00:00:00.000Z' } }), patient('now', { gender: 3 })];
  const { status } = await fetch(`${simulator.url}/simulator/resources`, { method: 'POST', body: JSON.stringify(resources) });
  expect(status).toBe(200);
  expect(idsOf(await ask('GET', '/Patient?_lastUpdated=lt2026-01-02'))).toEqual(['old']);
  expect((await ask('GET', '/Patient/now')).status).toBe(200);
});
