import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { createHttp } from '../../../src/http/create-http.js';
import { adoptWorld, FORMS, person, told, type AdoptWorld } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let world: AdoptWorld;
afterEach(() => world.simulator.close());

const id = resourceId('i', 'Person', [], 'a', 'main');
const coding = (code: string) => ({ system: 'urn:x', code });
const div = (text: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`;
const a = (more: object): ReturnType<typeof person> => person('a', undefined, more);

/** Of a resource’s `meta`: codes and profiles that are not Sangam’s. */
function metaOf(): Record<string, string[]> {
  const {
    tag = [],
    security = [],
    profile = [],
  } = (world.simulator.repository.get('Patient', id)?.meta ?? {}) as {
    tag?: { system?: string; code?: string }[];
    security?: { code?: string }[];
    profile?: string[];
  };
  const codes = (list: { system?: string; code?: string }[]): string[] =>
    list.flatMap((each) => (each.system?.startsWith('urn:sangam') === true ? [] : (each.code ?? [])));
  return { tag: codes(tag), security: codes(security), profile };
}

describe.each(FORMS)('what a mapping gives of meta and text, on a server %s', (_form, behaviour) => {
  beforeEach(async () => {
    world = await adoptWorld(http, behaviour);
  });

  const unchanged = async (more: object): Promise<void> => {
    const writes = world.writes();
    for (let pass = 0; pass < 2; pass += 1) expect(told(await world.write(a(more)))).toEqual(['unchanged']);
    expect(world.writes()).toBe(writes);
  };

  it('is written, and each change of it arrives once', async () => {
    const states = [
      { meta: { tag: [coding('t1')], security: [coding('s1')], profile: ['http://p/1'] } },
      { meta: { tag: [coding('t2')], security: [coding('s1')], profile: ['http://p/1', 'http://p/2'] } },
      { meta: { tag: [coding('t2')], security: [coding('s2'), coding('s3')] } },
      { meta: { security: [coding('s3')] } },
      {},
    ];
    for (const state of states) {
      expect(told(await world.write(a(state)))).toEqual([state === states[0] ? 'created' : 'updated']);
      const { tag = [], security = [], profile = [] } = (state as Partial<(typeof states)[0]>).meta ?? ({} as Record<string, never[]>);
      expect(metaOf()).toEqual({ tag: tag.map(({ code }) => code), security: security.map(({ code }) => code), profile });
      await unchanged(state);
    }
  });

  it('leaves what others tagged, also where the mapping gave the same and gives it no more', async () => {
    await world.write(a({ meta: { tag: [coding('ours')] } }));
    const stored = world.simulator.repository.get('Patient', id);
    if (stored)
      world.simulator.repository.put({ ...stored, meta: { ...stored.meta, tag: [...(stored.meta?.tag ?? []), coding('theirs')] } });
    await unchanged({ meta: { tag: [coding('ours')] } });
    expect(told(await world.write(a({ gender: 'male', meta: { tag: [coding('ours'), coding('theirs')] } })))).toEqual(['updated']);
    expect(told(await world.write(a({})))).toEqual(['updated']);
    expect(metaOf()['tag']).toEqual(['theirs']);
    await unchanged({});
  });

  it('includes the narrative: a change of it arrives, and one that the server generates counts for nothing', async () => {
    const text = (words: string) => ({ text: { status: 'generated', div: div(words) } });
    await world.write(a(text('one')));
    await unchanged(text('one'));
    await unchanged({ text: { status: 'generated', div: '<div>\n  one\n</div>'.replace(/\n */g, '') } });
    expect(told(await world.write(a(text('two'))))).toEqual(['updated']);
    expect(world.stored(id)?.['text']).toEqual(text('two').text);
    expect(told(await world.write(a({})))).toEqual(['updated']);
    expect(world.stored(id)).not.toHaveProperty('text');
    const stored = world.simulator.repository.get('Patient', id);
    if (stored) world.simulator.repository.put({ ...stored, ...text('by the server') });
    await unchanged({});
  });
});

describe('an entity type that was renamed', () => {
  it.each(FORMS)('is updated once, on a server %s', async (_form, behaviour) => {
    world = await adoptWorld(http, behaviour, {}, ['Human']);
    const main = resourceId('i', 'Human', [], 'a', 'main');
    const tag = [{ system: 'urn:sangam:origin', code: 'i/p/Human/a' }];
    world.simulator.repository.put({ resourceType: 'Patient', id: main, name: [{ family: 'Avni a' }], meta: { tag } });
    expect(told(await world.write(a({})))).toEqual(['updated']);
    const writes = world.writes();
    expect(told(await world.write(a({})))).toEqual(['unchanged']);
    expect(world.writes()).toBe(writes);
    expect(world.simulator.repository.get('Patient', main)?.meta?.tag).toContainEqual({
      system: 'urn:sangam:origin',
      code: 'i/p/Person/a',
    });
  });
});

describe('a server that keeps tags for ever', () => {
  it('keeps what is given no more, and is not sent it again and again', async () => {
    world = await adoptWorld(http, { mergesMeta: true, metaDelete: false });
    await world.write(a({ meta: { tag: [coding('t1')] } }));
    expect(told(await world.write(a({ meta: { tag: [coding('t2')] } })))).toEqual(['updated']);
    const writes = world.writes();
    expect(told(await world.write(a({ meta: { tag: [coding('t2')] } })))).toEqual(['unchanged']);
    expect(world.writes()).toBe(writes);
    expect(metaOf()['tag']).toEqual(['t1', 't2']);
  });
});
