import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { ChangeSource, Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation, type StoredRecord } from '../../../src/simulators/avni/organisation.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: Pick<AvniSimulator, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

const entityTypes = {
  Person: { subject: 'Person' },
  Enrolment: { enrolment: 'Nutrition' },
  Growth: { programEncounter: 'Growth' },
  Visit: { encounter: 'Visit' },
};

/** Stands before a server, and fails where the older form of the API is asked for. */
async function withoutOlderForm(behind: string): Promise<string> {
  const server = createServer(({ url = '', headers }, response) => {
    if (/version=1\b/.test(url)) return void response.writeHead(500).end('java.lang.ClassCastException');
    void fetch(`${behind}${url}`, { headers: { 'user-name': String(headers['user-name']) } }).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text()),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: async () => void server.close() });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function world(front?: (behind: string) => Promise<string>) {
  const organisation = new AvniOrganisation();
  const simulator = await startAvniSimulator({ organisation });
  open.push(simulator);
  const url = front ? await front(simulator.url) : simulator.url;
  const connector = avni.connect('avni', { url, auth: { userName: 'me' } }, { margin: 10_000 });
  const source = (name: keyof typeof entityTypes): ChangeSource => {
    const made = connector.source?.(entityTypes[name], { entityTypes });
    if (!made) throw new Error('Avni is a source');
    return made;
  };
  const list = async (name: keyof typeof entityTypes, entityType: string, id: string): Promise<(SourceRecord | Unreadable)[]> => {
    const found: (SourceRecord | Unreadable)[] = [];
    for await (const each of source(name).childrenOf?.({ entityType, id }, c) ?? []) found.push(each);
    return found;
  };
  return { organisation, simulator, list };
}

/**
 * Two persons, each with enrolments in two programmes and visits of two types in and outside them.
 */
function family(organisation: AvniOrganisation) {
  const person = () => organisation.add('subject', 'Person', { 'Subject type': 'Person', observations: {} });
  const enrol = (subject: StoredRecord, program: string, voided = false) =>
    organisation.add('enrolment', program, { 'Subject ID': subject.id, Program: program, observations: {} }, { voided });
  const growth = (enrolment: StoredRecord, type = 'Growth', observations = {}) =>
    organisation.add('programEncounter', type, { 'Enrolment ID': enrolment.id, 'Encounter type': type, observations });
  const visit = (subject: StoredRecord, type = 'Visit', observations = {}) =>
    organisation.add('encounter', type, { 'Subject ID': subject.id, 'Encounter type': type, observations });
  return { person, enrol, growth, visit };
}

const ids = (records: { id?: string }[]): Set<string | undefined> => new Set(records.map(({ id }) => id));

describe('the children of a record', () => {
  it('are listed for every kind, voided ones too, and nobody else’s', async () => {
    const { organisation, list } = await world();
    const { person, enrol, growth, visit } = family(organisation);
    const [ann, bea] = [person(), person()];
    const mine = [enrol(ann, 'Nutrition'), enrol(ann, 'Nutrition', true)] as const;
    const other = enrol(ann, 'Maternity');
    const hers = enrol(bea, 'Nutrition');
    const grown = [growth(mine[0]), growth(mine[0]), growth(mine[1]), growth(other)] as const;
    growth(mine[0], 'Other');
    growth(hers);
    const visits = [visit(ann), visit(ann)];
    visit(ann, 'Other');
    visit(bea);
    expect(ids(await list('Enrolment', 'Person', ann.id))).toEqual(ids([...mine]));
    expect(ids(await list('Visit', 'Person', ann.id))).toEqual(ids(visits));
    expect(ids(await list('Growth', 'Enrolment', mine[0].id))).toEqual(ids(grown.slice(0, 2)));
    expect(ids(await list('Growth', 'Person', ann.id))).toEqual(ids([...grown]));
    expect((await list('Enrolment', 'Person', mine[0].id)).length).toBe(0);
    const [voided] = (await list('Enrolment', 'Person', ann.id)).filter(({ id }) => id === mine[1].id);
    expect(voided).toMatchObject({ voided: true, created: new Date(mine[1].createdAt).toISOString() });
  });

  it('are all listed where there are more than a page, and some of one timestamp', async () => {
    const { organisation, list } = await world();
    const { person, enrol, visit } = family(organisation);
    const ann = person();
    const visits = Array.from({ length: 450 }, () => visit(ann));
    organisation.bulkUpdate(visits.slice(0, 300).map(({ id }) => id));
    const enrolments = Array.from({ length: 450 }, () => enrol(ann, 'Nutrition'));
    expect(ids(await list('Visit', 'Person', ann.id))).toEqual(ids(visits));
    expect(ids(await list('Enrolment', 'Person', ann.id))).toEqual(ids(enrolments));
  });

  it('come with one that Avni cannot give, and no fewer for it', async () => {
    const { organisation, list } = await world();
    const { person, enrol, visit } = family(organisation);
    const ann = person();
    const visits = [visit(ann), visit(ann, 'Visit', { 'Last check date': 'soon' }), visit(ann)];
    const enrolments = [enrol(ann, 'Nutrition'), enrol(ann, 'Nutrition')] as const;
    enrolments[1].body['observations'] = { 'Last check date': 'soon' };
    for (const [name, all] of [
      ['Visit', visits],
      ['Enrolment', enrolments],
    ] as const) {
      const found = await list(name, 'Person', ann.id);
      expect(ids(found)).toEqual(ids([...all]));
      expect(ids(found.filter((each) => 'error' in each))).toEqual(ids([all[1] ?? {}]));
    }
  });

  it.each([
    ['has a slash in its id', 'a/b', {}],
    ['has a semicolon in its id, and breaks its list', 'a;b', { 'Last check date': 'soon' }],
    ['breaks what Avni gives of it', undefined, { 'Last check date': 'soon' }],
  ])('are listed also where the subject %s', async (_how, id, observations) => {
    const { organisation, list } = await world();
    const { person, enrol, growth, visit } = family(organisation);
    const others = Array.from({ length: 3 }, person);
    const odd = organisation.add('subject', 'Person', { 'Subject type': 'Person', observations }, id === undefined ? {} : { id });
    organisation.bulkUpdate([...others, odd].map((each) => each.id));
    const enrolments = [enrol(odd, 'Nutrition'), enrol(odd, 'Maternity')] as const;
    const grown = enrolments.map((each) => growth(each));
    growth(enrol(others[0] as StoredRecord, 'Nutrition'));
    const visits = [visit(odd)];
    expect(ids(await list('Growth', 'Person', odd.id))).toEqual(ids(grown));
    expect(ids(await list('Enrolment', 'Person', odd.id))).toEqual(ids([enrolments[0]]));
    expect(ids(await list('Visit', 'Person', odd.id))).toEqual(ids(visits));
    expect(await list('Growth', 'Person', 'not/there')).toEqual([]);
  });

  it('are not said to be none where the subject may be one that Avni does not even name', async () => {
    const { organisation, list } = await world(withoutOlderForm);
    const { person, enrol, growth } = family(organisation);
    person();
    const body = { 'Subject type': 'Person', observations: { 'Last check date': 'soon' } };
    const odd = organisation.add('subject', 'Person', body);
    growth(enrol(odd, 'Nutrition'));
    await expect(list('Growth', 'Person', odd.id)).rejects.toMatchObject({
      code: 'BadResponse',
      message: expect.stringContaining('neither'),
    });
  });

  it('are not said to be none where Avni fails on one of them, and does not even name it', async () => {
    const { organisation, list } = await world(withoutOlderForm);
    const { person, enrol } = family(organisation);
    const ann = person();
    enrol(ann, 'Nutrition').body['observations'] = { 'Last check date': 'soon' };
    await expect(list('Enrolment', 'Person', ann.id)).rejects.toMatchObject({ name: 'SystemFailure', code: 'BadResponse' });
  });

  it('are not taken from a list whose filter was dropped, which is no failure where the parent is gone', async () => {
    const { organisation, simulator, list } = await world();
    const { person, enrol, growth } = family(organisation);
    const enrolment = enrol(person(), 'Nutrition');
    growth(enrolment);
    expect(await list('Growth', 'Enrolment', 'unknown')).toEqual([]);
    const row = {
      ID: 'x',
      Voided: false,
      'Encounter type': 'Growth',
      'Enrolment ID': 'other',
      audit: { 'Last modified at': '2026-01-01T00:00:00.000Z' },
    };
    const body = { content: [row], totalPages: 1, pageSize: 200 };
    simulator.faults.push({ path: '/api/programEncounters', do: { respond: { status: 200, body } } });
    await expect(list('Growth', 'Enrolment', enrolment.id)).rejects.toMatchObject({ code: 'FilterDropped' });
  });
});
