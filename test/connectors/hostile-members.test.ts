import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { avni } from '../../src/connectors/avni/index.js';
import type { Context, SourceRecord, WriteRequest } from '../../src/connectors/connector.js';
import { fhir } from '../../src/connectors/fhir/index.js';
import { placeholderFor, replacePlaceholders } from '../../src/connectors/fhir/placeholders.js';
import { resourceId } from '../../src/connectors/derived-id.js';
import { ORIGIN_TAG } from '../../src/connectors/fhir/identity.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { freezePrototypes } from '../../src/model/freeze-prototypes.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import type { ApiKind, Shown } from '../../src/simulators/avni/record.js';
import { startServer } from '../../src/simulators/server.js';
import { iso, T } from '../support/avni-visits.js';
import { HOSTILE_NAMES } from '../support/hostile-names.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: { close(): Promise<void> } | undefined;
// As in a worker.
beforeAll(freezePrototypes);
afterEach(async () => {
  await open?.close();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
afterAll(() => http.close());

/**
 * As JSON has it: a member of its own; and a number that is read digit by digit, which another
 * reader does.
 */
const member = (name: string, value: unknown = { x: 1 }): Record<string, unknown> =>
  Object.fromEntries([
    [name, value],
    ['Weight', 1e-7],
  ]);

const TYPES = { subject: 'Beneficiary', enrolment: 'Nutrition', programEncounter: 'Growth monitoring', encounter: 'Health check' } as const;
const TYPE_FIELDS = { subject: 'Subject type', enrolment: 'Program', programEncounter: 'Encounter type', encounter: 'Encounter type' };

describe.each(Object.keys(TYPES) as ApiKind[])('a row of Avni, %s', (kind) => {
  const cases = HOSTILE_NAMES.flatMap((name): [string, string, Shown, string | undefined][] => [
    ['member', name, { members: member(name) }, undefined],
    ['concept', name, { members: { observations: member(name, 'seen') } }, undefined],
    ['stamp', name, { audit: member(name) }, undefined],
    ['id', name, {}, name],
  ]);
  it.each(cases)('keeps a %s named %s, and the others of its page', async (what, name, shown, id) => {
    const organisation = new AvniOrganisation();
    open = await startAvniSimulator({ organisation });
    const connector = avni.connect('avni', { url: (open as { url?: string }).url, auth: { userName: 'me' } }, { margin: 0 });
    const source = connector.source?.({ [kind]: TYPES[kind] }, { entityTypes: { Beneficiary: { subject: TYPES.subject } } });
    const subject = organisation.add('subject', TYPES.subject, { 'Subject type': TYPES.subject, observations: {} }, { stamp: T - 2 });
    const program = { 'Subject ID': subject.id, Program: TYPES.enrolment, observations: {} };
    const enrolment = organisation.add('enrolment', TYPES.enrolment, program, { stamp: T - 2 });
    const body = { 'Subject ID': subject.id, 'Enrolment ID': enrolment.id, [TYPE_FIELDS[kind]]: TYPES[kind], observations: {} };
    const odd = organisation.add(kind, TYPES[kind], body, { stamp: T, ...(id === undefined ? {} : { id }) });
    organisation.show(odd.id, shown);
    const other = organisation.add(kind, TYPES[kind], body, { stamp: T + 1 });
    const read: SourceRecord[] = [];
    for await (const { records } of source?.changes({ v: 1, at: iso(T - 1) }, iso(T + 1), 200, c) ?? [])
      for (const record of records) if ('body' in record) read.push(record);
    expect(read.map((record) => record.id)).toEqual([odd.id, other.id]);
    const single = await source?.fetch([odd.id, other.id], c);
    for (const record of [read[0], single?.get(odd.id)]) {
      const { body: given } = record as SourceRecord & { body: Record<string, unknown> };
      expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
      if (what === 'member') expect(Object.keys(given)).toContain(name);
      if (what === 'concept') expect(Object.entries(given['observations'] as object)).toContainEqual([name, 'seen']);
    }
  });
});

const tag = { system: ORIGIN_TAG, code: 'i/p/Person/a' };
const person = { resourceType: 'Patient', name: [{ family: 'F' }] };

/** A writer of Patients to a server that answers so. */
async function writing(stored: (id: string) => object, more: object, record = 'a') {
  const id = resourceId('i', 'Person', [], record, 'main');
  const server = await startServer({}, ({ method, body }) => {
    if (method === 'PUT') return { status: 200, body: { ...(JSON.parse(body) as object), ...more } };
    return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: stored(id), ...more }], ...more } };
  });
  open = server;
  const settings = { resource: 'Patient' };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: `${server.url}/fhir`, bundle: 1 }, { margin: 0 });
  const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  const origin = { integration: 'i', process: 'p', entityType: 'Person', id: record };
  const resources = [{ name: 'main', type: 'Patient', body: person }];
  const request: WriteRequest = { origin, version: '1', action: 'upsert', resources, adopt: false };
  return { server, outcomes: await destination?.write([request], c) };
}

describe.each(HOSTILE_NAMES)('an answer of a FHIR server with a member named %s', (name) => {
  it('is read beside it: what it has, and what it did', async () => {
    const more = member(name);
    const meta = { ...more, tag: [{ ...tag, ...more }] };
    const same = await writing((id) => ({ ...person, id, meta, ...more }), more);
    // What the server has beside it is not what was sent.
    expect(same.outcomes).toMatchObject([{ kind: 'updated' }]);
    await open?.close();
    const { outcomes } = await writing(() => ({ resourceType: 'OperationOutcome', issue: [more], ...more }), more);
    expect(outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('or with a record of that id: written like any other', async () => {
    const { outcomes } = await writing(() => ({ resourceType: 'Basic', id: name }), {}, name);
    expect(outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('is a name of a resource that others refer to', () => {
    const body = { ...member(name, [placeholderFor(name)]), subject: placeholderFor(name) };
    expect(replacePlaceholders(body, new Map())).toBeUndefined();
    const reference = { reference: 'Patient/1' };
    const replaced = replacePlaceholders(body, new Map([[name, 'Patient/1']])) as object;
    expect(Object.entries(replaced)).toEqual(Object.entries({ ...member(name, [reference]), subject: reference }));
  });
});
