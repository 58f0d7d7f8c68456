import { describe, expect, it } from '@jest/globals';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { until } from '../support/until.js';
import { iso, person, T, world, type World } from './avni-world.js';

const LIST = '/api/subjects?lastModifiedDateTime=2000-01-01&size=1000';

async function tell({ simulator }: World, path: string, body?: object, method = 'POST'): Promise<Record<string, unknown>> {
  const response = await fetch(`${simulator.url}/simulator/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

describe('late commits', () => {
  it('hide a new record, and show the old state of a changed one, until their time; both have the early stamp', async () => {
    let now = T;
    const organisation = new AvniOrganisation(() => now);
    organisation.add('subject', 'Beneficiary', { observations: { Remarks: 'old' } }, { id: 'a', stamp: T - 5000 });
    const { ask } = await world({}, organisation);
    const seen = async () =>
      (await ask('GET', LIST)).body.content.map(({ ID, observations, audit }) => [ID, observations['Remarks'], audit['Last modified at']]);
    organisation.lateCommits = { milliseconds: 300, times: 2 };
    organisation.change('a', { body: { observations: { Remarks: 'new' } } });
    organisation.add('subject', 'Beneficiary', { observations: { Remarks: 'b' } }, { id: 'b' });
    now = T + 200;
    organisation.add('subject', 'Beneficiary', { observations: { Remarks: 'c' } }, { id: 'c' });
    now += 50;
    expect(await seen()).toEqual([
      ['a', 'old', iso(T - 5000)],
      ['c', 'c', iso(T + 200)],
    ]);
    expect((await ask('GET', '/api/subject/a')).body.observations['Remarks']).toBe('old');
    expect((await ask('GET', '/api/subject/b')).status).toBe(404);
    now = T + 301;
    expect(await seen()).toEqual([
      ['a', 'new', iso(T)],
      ['b', 'b', iso(T)],
      ['c', 'c', iso(T + 200)],
    ]);
    expect((await ask('GET', '/api/subject/b')).status).toBe(200);
  });

  it('are set over HTTP too, and then a write is answered when it is visible', async () => {
    const one = await world();
    await tell(one, 'late-commits', { milliseconds: 150, times: 1 });
    const writing = one.ask('POST', '/api/subject', person());
    await until('it is stamped', () => one.organisation.all().length === 1);
    expect((await one.ask('GET', '/api/subject/CRM-1')).status).toBe(404);
    await writing;
    expect((await one.ask('GET', '/api/subject/CRM-1')).status).toBe(200);
    await tell(one, 'late-commits', { milliseconds: 1e9 });
    await tell(one, 'late-commits', undefined, 'DELETE');
    await one.ask('POST', '/api/subject', person({ 'External ID': 'x' }));
    expect((await one.ids(LIST)).length).toBe(2);
  });
});

describe('over HTTP', () => {
  it('records are added, changed, stamped in bulk and dumped', async () => {
    const one = await world();
    for (const id of ['a', 'b', 'c'])
      await tell(one, 'records', {
        kind: 'subject',
        type: 'Beneficiary',
        id,
        body: { observations: { Remarks: id, Weight: 1 } },
        stamp: iso(T),
      });
    const { stamp } = await tell(one, 'records/b', { observations: { Remarks: 'new' }, voided: true });
    expect(Number(stamp)).toBeGreaterThan(T);
    expect(await tell(one, 'bulk-update', { kind: 'subject', count: 2, stamp: iso(T + 9) })).toEqual({ count: 2, stamp: T + 9 });
    expect(await tell(one, 'records', undefined, 'GET')).toEqual([
      expect.objectContaining({ ID: 'a', stamp: T + 9 }),
      expect.objectContaining({ ID: 'b', stamp: T + 9, voided: true, body: { observations: { Remarks: 'new', Weight: 1 } } }),
      expect.objectContaining({ ID: 'c', stamp: T }),
    ]);
    expect((await fetch(`${one.simulator.url}/simulator/records/none`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('faults come and go, touch the paths they name, and never the control itself', async () => {
    const one = await world();
    await tell(one, 'faults', { method: 'POST', path: '/api/subject', times: 1, do: 'resetAfter' });
    await tell(one, 'faults', { do: { respond: { status: 503, headers: { 'retry-after': '3' } } } });
    await expect(one.ask('POST', '/api/subject', person())).rejects.toThrow();
    expect(one.organisation.all().length).toBe(1);
    const answer = await one.ask('GET', LIST);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
    await tell(one, 'faults', undefined, 'DELETE');
    expect((await one.ask('GET', LIST)).status).toBe(200);
    expect(one.simulator.requests.filter((each) => each.includes('simulator'))).toEqual([]);
  });

  it('latency delays every answer but the control’s', async () => {
    const one = await world();
    await tell(one, 'latency', { milliseconds: 60_000 });
    let answered = false;
    const asking = one.ask('GET', LIST).then(() => (answered = true));
    await until('it is being answered', () => one.simulator.requests.length === 1);
    await tell(one, 'latency', { milliseconds: 0 });
    expect((await one.ask('GET', LIST)).status).toBe(200);
    expect(answered).toBe(false);
    await one.simulator.close();
    await expect(asking).rejects.toThrow();
  });
});
