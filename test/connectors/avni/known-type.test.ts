import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { ChangeSource, Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: AvniSimulator | undefined;
afterEach(async () => open?.close());
afterAll(() => http.close());

const FROM = { subject: 'subject', enrolment: 'enrolment', encounter: 'encounter', programEncounter: 'programEncounter' } as const;
const NAMES = { subject: 'Beneficiary', enrolment: 'Nutrition', encounter: 'Health check', programEncounter: 'Growth monitoring' } as const;

async function world(metadataReadable: boolean) {
  const organisation = new AvniOrganisation();
  const simulator = await startAvniSimulator({ organisation, settings: { metadataReadable } });
  open = simulator;
  const source = (kind: keyof typeof FROM, type: string): ChangeSource => {
    const connector = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 0 });
    const made = connector.source?.({ [kind]: type }, { entityTypes: { Person: { subject: 'Beneficiary' } } });
    if (!made) throw new Error('Avni is a source');
    return made;
  };
  const person = (stamp: number, voided = false) =>
    organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: {} }, { stamp, voided }).id;
  return { organisation, source, person };
}

const unknown = { code: 'UnknownType' };
const has = (source: ChangeSource): Promise<boolean> => source.hasChanges({ v: 1, at: iso(T) }, iso(T + 1_000), c);
const read = (source: ChangeSource, after: number) => readPages(source.changes({ v: 1, at: iso(after) }, iso(T + 1_000), 2, c));

describe('the name of a type that Avni does not know', () => {
  it.each(Object.keys(FROM) as (keyof typeof FROM)[])('stops a mistyped %s before anything is passed by', async (kind) => {
    const { source } = await world(true);
    await expect(has(source(kind, `${NAMES[kind]}s`))).rejects.toMatchObject({
      ...unknown,
      message: expect.stringContaining(`“${NAMES[kind]}”`) as unknown,
    });
    await expect(read(source(kind, `${NAMES[kind]}s`), T)).rejects.toMatchObject(unknown);
    // One that is set up, and has no record yet, is right.
    expect(await has(source(kind, NAMES[kind]))).toBe(false);
    expect((await read(source(kind, NAMES[kind]), T)).ids).toEqual([]);
  });

  it('asks for no record whose id would lead out of the path of its kind', async () => {
    const { organisation, source } = await world(true);
    for (const id of ['..', '.', '../x', 'a/../..', '..;/x'])
      organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: {} }, { stamp: T - 1, id });
    const persons = source('subject', 'Beneficiary');
    for (const at of [T - 1, T]) expect(await persons.hasChanges({ v: 1, at: iso(at - 1) }, iso(at), c)).toBe(at < T);
    expect((await persons.fetch(['..', '.'], c)).size).toBe(2);
    const paths = new Set(open?.requests.map((each) => each.split('?')[0]));
    expect([...paths].filter((path) => path !== 'GET /api/subjects')).toEqual([]);
  });

  it.each([true, false])('stops a type that is renamed between two looks (set-up readable: %s)', async (readable) => {
    const { organisation, source, person } = await world(readable);
    const id = person(T + 1);
    const persons = source('subject', 'Beneficiary');
    expect(await has(persons)).toBe(true);
    expect((await read(persons, T)).ids).toEqual([id]);
    organisation.renameType('subject', 'Beneficiary', 'Participant');
    // Where the set-up cannot be read, it shows as soon as a record of the process asks for such a
    // one.
    if (!readable) await expect(persons.fetch([id], c)).rejects.toMatchObject(unknown);
    await expect(has(persons)).rejects.toMatchObject(unknown);
    await expect(read(persons, T + 1)).rejects.toMatchObject(unknown);
    // The name corrected, what came meanwhile is there.
    const renamed = source('subject', 'Participant');
    expect((await read(renamed, T)).ids).toEqual([id]);
  });

  it('stops a renamed type by a record that it gave, where the set-up cannot be read', async () => {
    const { organisation, source, person } = await world(false);
    const id = person(T + 1);
    const persons = source('subject', 'Beneficiary');
    expect(await has(persons)).toBe(true);
    organisation.renameType('subject', 'Beneficiary', 'Participant');
    organisation.add('subject', 'Participant', { 'Subject type': 'Participant', observations: {} }, { stamp: T + 500 });
    // Each time anew: the record says the same.
    for (const after of [T + 100, T + 200]) await expect(read(persons, after)).rejects.toMatchObject(unknown);
    await expect(has(persons)).rejects.toMatchObject(unknown);
    organisation.renameType('subject', 'Participant', 'Beneficiary');
    expect((await read(persons, T)).ids).toContain(id);
    expect((await read(persons, T + 600)).ids).toEqual([]);
  });

  it('goes on where the record that it gave is voided, and the set-up cannot be read', async () => {
    const { organisation, source, person } = await world(false);
    const id = person(T + 1);
    const persons = source('subject', 'Beneficiary');
    expect(await has(persons)).toBe(true);
    organisation.change(id, { voided: true }, T + 2);
    expect((await read(persons, T + 100)).ids).toEqual([]);
  });

  it('stops a reading in the middle of which the type is renamed, with the bookmark before what is not listed any more', async () => {
    const { organisation, source, person } = await world(true);
    for (let n = 1; n <= 6; n += 1) person(T + n);
    const bookmarks: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const { bookmark } of source('subject', 'Beneficiary').changes({ v: 1, at: iso(T) }, iso(T + 1_000), 2, c)) {
        bookmarks.push(bookmark.at);
        organisation.renameType('subject', 'Beneficiary', 'Participant');
      }
    };
    await expect(reading()).rejects.toMatchObject(unknown);
    expect(bookmarks).toEqual([iso(T + 1)]);
  });

  it('does not make a parent count as gone that is of another type: it stops, or is the child’s error where the name is known', async () => {
    const { source, person } = await world(true);
    const [id, voided] = [person(T + 1), person(T + 2, true)];
    await expect(source('subject', 'Benficiary').fetch([id], c)).rejects.toMatchObject(unknown);
    expect((await source('subject', 'Benficiary').fetch([voided], c)).size).toBe(0);
    const { organisation, source: sourceOf, person: add } = await world(false);
    organisation.add('subject', 'Household', { 'Subject type': 'Household', observations: {} }, { stamp: T });
    const found = await sourceOf('subject', 'Household').fetch([add(T)], c);
    expect([...found.values()]).toMatchObject([{ error: { code: 'OtherType' } }]);
  });

  it('is told of no record that is given by another id than its own', async () => {
    const { organisation, source } = await world(true);
    const body = { 'Subject type': 'Beneficiary', 'External ID': 'E-1', observations: {} };
    const { id } = organisation.add('subject', 'Beneficiary', body, { stamp: T });
    const found = await source('subject', 'Beneficiary').fetch(['E-1', id], c);
    expect(found.get('E-1')).toMatchObject({ id: 'E-1', error: { code: 'OtherRecord' } });
    expect(found.get(id)).toMatchObject({ id, voided: false });
  });

  it('is no matter of doubt where nothing can be known: the type waits for its first record', async () => {
    const { source } = await world(false);
    expect(await has(source('subject', 'Benficiary'))).toBe(false);
    expect(await source('subject', 'Benficiary').check?.(c, [])).toMatchObject({ problems: [], warnings: [{ code: 'NothingThere' }] });
  });
});
