import { describe, expect, it } from '@jest/globals';
import { bundle, del, idsOf, invalid, many, patient, put, weight, world, type Answer } from './fhir-world.js';

describe('one resource', () => {
  it('has versions, ETags, a history and a status for each step of its life', async () => {
    const { ask } = await world();
    const steps: [string, string, unknown, number, string | null][] = [
      ['GET', '/Patient/a', undefined, 404, null],
      ['PUT', '/Patient/a', patient('a'), 201, 'W/"1"'],
      ['PUT', '/Patient/a', patient('a', { active: true }), 200, 'W/"2"'],
      ['GET', '/Patient/a', undefined, 200, 'W/"2"'],
      ['DELETE', '/Patient/a', undefined, 204, null],
      ['DELETE', '/Patient/a', undefined, 410, null],
      ['GET', '/Patient/a', undefined, 410, null],
      ['GET', '/Patient/a/_history/3', undefined, 410, null],
      ['PUT', '/Patient/a', patient('a'), 201, 'W/"4"'],
      ['GET', '/Patient/a/_history/2', undefined, 200, 'W/"2"'],
      ['GET', '/Patient/a/_history/9', undefined, 404, null],
    ];
    for (const [method, path, body, status, etag] of steps) {
      const answer = await ask(method, path, body);
      expect([method, path, answer.status, answer.headers.get('etag')]).toEqual([method, path, status, etag]);
    }
    expect((await ask('GET', '/Patient/a/_history')).body).toMatchObject({
      total: 4,
      entry: ['W/"4"', 'W/"3"', 'W/"2"', 'W/"1"'].map((etag) => ({ response: { etag } })),
    });
  });

  it('is written only over the version that the writer knows', async () => {
    const { ask } = await world();
    await ask('PUT', '/Patient/a', patient('a'));
    expect((await ask('PUT', '/Patient/a', patient('a', { active: true }), { 'if-match': 'W/"1"' })).status).toBe(200);
    const stale = await ask('PUT', '/Patient/a', patient('a'), { 'if-match': 'W/"1"' });
    expect([stale.status, stale.body.resourceType]).toEqual([412, 'OperationOutcome']);
    expect((await ask('POST', '', bundle('transaction', put(patient('a'), { ifMatch: 'W/"1"' })))).status).toBe(412);
    expect((await ask('GET', '/Patient/a')).body.meta?.versionId).toBe('2');
  });

  it.each([
    ['an invalid one', 'PUT', '/Patient/a', invalid('a'), 422],
    ['one of another id', 'PUT', '/Patient/a', patient('b'), 400],
    ['one of another type', 'PUT', '/Patient/a', weight('a', 'Patient/x'), 400],
    ['what is not JSON', 'PUT', '/Patient/a', '{"resourceType', 400],
    ['a patch', 'PATCH', '/Patient/a', [{ op: 'add' }], 400],
    ['an unknown search parameter', 'GET', '/Patient?shoe-size=3', undefined, 400],
    ['a path of its own', 'GET', '/a/b/c/d/e', undefined, 404],
  ])('%s is refused with an outcome', async (_name, method, path, body, status) => {
    const { simulator, ask } = await world();
    const answer = await ask(method, path, body);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(simulator.repository.all()).toEqual([]);
  });

  it('is created with an id of the server’s, once where If-None-Exist says so', async () => {
    const { ask } = await world();
    const body = { resourceType: 'Patient', identifier: [{ system: 's', value: '1' }] };
    const first = await ask('POST', '/Patient', body, { 'if-none-exist': 'identifier=s|1' });
    expect([first.status, first.headers.get('location')]).toEqual([201, `Patient/${first.body.id}/_history/1`]);
    const again = await ask('POST', '/Patient', body, { 'if-none-exist': 'identifier=s|1' });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await ask('PUT', '/Patient?identifier=s|1', body)).body.id).toBe(first.body.id);
  });

  it('asks for the token', async () => {
    const { ask } = await world({ token: 'good' });
    expect((await ask('GET', '/Patient/a')).status).toBe(401);
    expect((await ask('GET', '/Patient/a', undefined, { authorization: 'Bearer good' })).status).toBe(404);
    expect((await ask('GET', '/metadata')).body).toMatchObject({ fhirVersion: '4.0.1' });
  });
});

describe('a transaction', () => {
  it('says for each entry what became of it, and takes hundreds', async () => {
    const { ask } = await world();
    await many(ask, 300);
    const { body } = await ask(
      'POST',
      '',
      bundle('transaction', put(patient('p0')), put(patient('new')), del('Patient/p1'), del('Patient/never')),
    );
    expect(body.entry?.map(({ response }) => [response?.status.slice(0, 3), response?.etag])).toEqual([
      ['200', 'W/"2"'],
      ['201', 'W/"1"'],
      ['204', undefined],
      ['404', undefined],
    ]);
  });

  it.each([
    ['an invalid resource', 422, put(invalid('x'))],
    ['a stale version', 412, put(patient('a'), { ifMatch: 'W/"7"' })],
    ['the same resource twice', 400, put(patient('b'))],
  ])('with %s leaves nothing behind: no resource, no version, no index', async (_name, status, bad) => {
    const { simulator, ask } = await world();
    await ask('PUT', '/Patient/a', patient('a', { identifier: [{ system: 's', value: 'old' }] }));
    await ask('PUT', '/Patient/c', patient('c'));
    const before = JSON.stringify(simulator.repository.all());
    const changed = put(patient(status === 412 ? 'c' : 'a', { identifier: [{ system: 's', value: 'new' }] }));
    const answer = await ask(
      'POST',
      '',
      bundle('transaction', put(patient('b')), changed, ...(status === 412 ? [] : [del('Patient/c')]), bad),
    );
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(JSON.stringify(simulator.repository.all())).toBe(before);
    expect((await ask('GET', '/Patient/b')).status).toBe(404);
    expect(idsOf(await ask('GET', '/Patient?identifier=s|new'))).toEqual([]);
    expect(idsOf(await ask('GET', '/Patient?identifier=s|old'))).toEqual(['a']);
    expect((await ask('PUT', '/Patient/a', patient('a'))).headers.get('etag')).toBe('W/"2"');
  });

  it('gives created resources their ids, and leads references to them', async () => {
    const { simulator, ask } = await world({ strict: true });
    const urn = 'urn:uuid:7b8e3f0a-1d0e-4b7e-9d0b-9f5b7f1f2a33';
    const { body } = await ask(
      'POST',
      '',
      bundle(
        'transaction',
        { resource: { ...weight('w', urn), id: undefined }, request: { method: 'POST', url: 'Observation' } },
        { fullUrl: urn, resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
      ),
    );
    expect(body.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created']);
    const [made] = simulator.repository.all('Patient');
    expect(simulator.repository.all('Observation')).toMatchObject([{ subject: { reference: `Patient/${made?.id ?? ''}` } }]);
  });

  it('is not a batch, of which each entry stands by itself', async () => {
    const { simulator, ask } = await world();
    const { status, body } = await ask(
      'POST',
      '',
      bundle('batch', put(patient('a')), put(invalid('b')), { request: { method: 'GET', url: 'Patient/a' } }),
    );
    expect([status, body.entry?.map(({ response }) => response?.status.slice(0, 3))]).toEqual([200, ['201', '422', '200']]);
    expect(body.entry?.[2]?.resource?.id).toBe('a');
    expect(simulator.repository.all().map(({ id }) => id)).toEqual(['a']);
  });
});

describe('a strict server', () => {
  it('refuses dangling references, and deleting what is referenced, at the end of a transaction', async () => {
    const { ask } = await world({ strict: true });
    const child = put(weight('w', 'Patient/a'));
    expect((await ask('PUT', '/Observation/w', child.resource)).status).toBe(422);
    expect((await ask('POST', '', bundle('transaction', child))).status).toBe(422);
    expect((await ask('POST', '', bundle('transaction', child, put(patient('a'))))).status).toBe(200);
    expect((await ask('DELETE', '/Patient/a')).status).toBe(409);
    expect((await ask('POST', '', bundle('transaction', del('Patient/a')))).status).toBe(409);
    expect((await ask('POST', '', bundle('transaction', del('Patient/a'), del('Observation/w')))).status).toBe(200);
  });
});

describe('a search', () => {
  it.each([
    ['_id=p3,p1,none', ['p1', 'p3']],
    ['identifier=s|2,s|4,s|none', ['p2', 'p4']],
    ['identifier=5', ['p5']],
    ['identifier=s|1&_tag=t|c1', ['p1']],
    ['identifier=s|1&_tag=t|c0', []],
    ['_tag=t|c1&_id=p1,p2,p3', ['p1', 'p3']],
    ['_tag=other|c1', []],
    ['_lastUpdated=gt2999-01-01T00:00:00.000Z', []],
    ['_lastUpdated=lt2999-01-01T00:00:00.000Z&_id=p1', ['p1']],
    ['active=true', []],
  ])('for %s finds what it should', async (query, ids) => {
    const { ask } = await world();
    await many(ask, 10);
    const answer = await ask('GET', `/Patient?${query}`);
    expect([idsOf(answer).sort(), answer.body.total]).toEqual([ids, ids.length]);
    const form = await ask('POST', '/Patient/_search', query, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(idsOf(form).sort()).toEqual(ids);
  });

  it('finds children by their parent', async () => {
    const { ask } = await world();
    await ask('POST', '', bundle('transaction', put(weight('w', 'Patient/a')), put(weight('v', 'Patient/b'))));
    expect(idsOf(await ask('GET', '/Observation?subject=Patient/a'))).toEqual(['w']);
  });

  it('has pages with links, in the order that was asked for', async () => {
    const { ask } = await world();
    await many(ask, 25);
    const ids: unknown[] = [];
    let path: string | undefined = 'Patient?_tag=t|c0&_sort=-_id&_count=4';
    for (let pages = 1; path !== undefined; pages += 1) {
      const page: Answer = await ask('GET', `/${path}`);
      expect(page.body.total).toBe(13);
      ids.push(...idsOf(page));
      path = page.body.link?.find(({ relation }) => relation === 'next')?.url;
      if (path === undefined) expect(pages).toBe(4);
    }
    expect(ids).toEqual(
      Array.from({ length: 13 }, (_, n) => `p${n * 2}`)
        .sort()
        .reverse(),
    );
  });
});
