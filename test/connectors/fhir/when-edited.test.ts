import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WriteRequest } from '../../../src/connectors/connector.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import { adoptWorld, FORMS, person, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

const id = resourceId('i', 'Person', [], 'a', 'main');
const a = (whenEdited: WriteRequest['whenEdited'], more: object = {}): WriteRequest => ({
  ...person('a', undefined, { birthDate: '1990-01-01', ...more }),
  ...(whenEdited ? { whenEdited } : {}),
});

describe.each(FORMS)('what others change of what Sangam wrote, on a server %s', (_form, behaviour) => {
  beforeEach(async () => {
    world = await adoptWorld(http, behaviour);
  });

  /** Somebody at the desk changes the resource, and leaves its tags alone. */
  const edit = (changes: object): void =>
    void world.simulator.repository.put({ ...(world.simulator.repository.get('Patient', id) ?? {}), ...changes } as never);
  const writes = async (...requests: WriteRequest[]) => (await Promise.all(requests.map((request) => world.write(request))))[0]?.[0];

  it('is nothing as long as nobody does, through changes, marks and returns of the record', async () => {
    expect(await writes(a('report'))).toMatchObject({ kind: 'created' });
    expect(await writes(a('report'))).toMatchObject({ kind: 'unchanged' });
    expect(await writes(a('hold', { birthDate: '1991-01-01' }))).toEqual({ kind: 'updated', ids: { main: id } });
    expect(await writes({ ...a('hold'), action: 'mark', resources: [] })).toMatchObject({ kind: 'updated' });
    expect(await writes(a('hold'))).toEqual({ kind: 'updated', ids: { main: id }, revived: true });
    const before = world.writes();
    expect(await writes(a('hold'))).toMatchObject({ kind: 'unchanged' });
    expect(world.writes()).toBe(before);
  });

  it('is told of and written over', async () => {
    await writes(a('report'));
    edit({ birthDate: '1980-01-01', gender: 'female' });
    const outcome = await writes(a('report'));
    expect(outcome).toMatchObject({ kind: 'updated', edited: { at: expect.stringMatching(/^\d{4}-/) } });
    expect(world.stored(id)).toMatchObject({ birthDate: '1990-01-01' });
    expect(world.stored(id)).not.toHaveProperty('gender');
    expect(await writes(a('report'))).toEqual({ kind: 'unchanged', ids: { main: id } });
  });

  it('is held, whatever comes of the record, until it is taken back or agrees', async () => {
    await writes(a('hold'));
    edit({ telecom: [{ system: 'phone', value: '0123' }] });
    for (const birthDate of ['1990-01-01', '1991-01-01'])
      expect(await writes(a('hold', { birthDate }))).toMatchObject({
        kind: 'refused',
        error: {
          code: 'EditedElsewhere',
          message: expect.stringMatching(/^Patient\/\S+ was changed in the destination at \d{4}-\S+ by others/),
        },
      });
    expect(world.stored(id)).toMatchObject({ birthDate: '1990-01-01', telecom: [{ value: '0123' }] });
    expect(await writes(a('hold', { telecom: [{ system: 'phone', value: '0123' }] }))).toMatchObject({ kind: 'updated' });
    expect(await writes(a('hold', { birthDate: '1992-01-01' }))).toEqual({ kind: 'updated', ids: { main: id } });
  });

  it('is written over without a word, and leaves nothing behind, where the definition says so', async () => {
    await writes(a('report'));
    edit({ birthDate: '1980-01-01' });
    expect(await writes(a('overwrite'))).toEqual({ kind: 'updated', ids: { main: id } });
    expect(await writes(a('overwrite'))).toEqual({ kind: 'unchanged', ids: { main: id } });
    expect(JSON.stringify(world.stored(id))).not.toContain('urn:sangam:digest');
  });

  it('is not told of what others may change: tags and labels', async () => {
    await writes(a('hold'));
    const { meta } = world.simulator.repository.get('Patient', id) as { meta: { tag: object[] } };
    edit({ meta: { ...meta, tag: [...meta.tag, { system: 'urn:hospital', code: 'ward-3' }] } });
    expect(await writes(a('hold'))).toMatchObject({ kind: 'unchanged' });
  });
});
