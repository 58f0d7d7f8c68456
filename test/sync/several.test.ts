import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Context, Destination, SourceRecord, WriteOutcome } from '../../src/connectors/connector.js';
import { fhir } from '../../src/connectors/fhir/index.js';
import type { Definition, EntityTypeDefinition } from '../../src/definition/definition.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { itemName } from '../../src/mapping/item-name.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { mapAll } from '../../src/sync/item.js';
import type { EntityTypeParts } from '../../src/sync/parts.js';
import { isWrite } from '../support/is-write.js';

const TYPES = `
      Visit:
        from: { system: avni, encounter: Visit }
        to:
          system: emr
          resources: [Encounter, Condition, Location]
          key: { block: { system: "urn:block", value: block }, village: { system: "urn:village", value: village } }
        map:
          visit: |
            { "resourceType": "Encounter", "status": "finished", "class": { "code": "FLD" },
              "subject": { "reference": "Patient/p" },
              "diagnosis": $ref("danger").{ "condition": $ },
              "location": village ? [{ "location": $ref("village") }] }
          danger:
            each: "signs"
            id: "sign ? sign : $"
            resource: |
              { "resourceType": "Condition", "subject": { "reference": "Patient/p" }, "encounter": { "display": $$.ID },
                "code": { "text": $string(sign ? sign : $) } }
          block:
            shared: true
            resource: 'block ? { "resourceType": "Location", "name": block }'
          village:
            shared: true
            resource: 'village ? { "resourceType": "Location", "name": village & " of Visit", "partOf": block ? $ref("block") }'
      Camp:
        from: { system: avni, encounter: Camp }
        to: { system: emr, resources: [Encounter, Location], key: { village: { system: "urn:village", value: village } } }
        map:
          visit: |
            { "resourceType": "Encounter", "status": "finished", "class": { "code": "FLD" }, "subject": { "reference": "Patient/p" },
              "location": [{ "location": $ref("village") }] }
          village: { shared: true, resource: '{ "resourceType": "Location", "name": "another name" }' }
`;

const text = (types: string): string => `integration: i
systems:
  avni: { connector: avni, url: "https://avni.example.org", auth: { userName: me } }
  emr: { connector: fhir, url: "https://fhir.example.org" }
processes:
  p:
    entityTypes:${types}`;

async function load(types: string): Promise<{ definition: Definition | undefined; found: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-several-'));
  await writeFile(join(folder, 'x.yaml'), text(types));
  const { definitions, problems } = await loadDefinitions({ paths: [folder], connectorTypes, env: {} });
  await rm(folder, { recursive: true });
  return { definition: definitions[0], found: problems.map(({ code, path }) => `${code} ${path.split('.').slice(4).join('.')}`) };
}

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());
let simulator: FhirSimulator;
let types: EntityTypeDefinition[];
beforeEach(async () => {
  simulator = await startFhirSimulator({ strict: true });
  simulator.repository.put({ resourceType: 'Patient', id: 'p' });
  const { definition, found } = await load(TYPES);
  expect(found).toEqual([]);
  types = definition?.processes['p']?.entityTypes ?? [];
});
afterEach(() => simulator.close());

const c = (): Context => ({ signal: new AbortController().signal, http, log: silent });
const scope = { parent: () => undefined, ref: (name: string): unknown => fhirPlaceholder(name) };
let fhirPlaceholder: Destination['placeholder'];

/** Maps records of a type and writes what that makes of them, together. */
async function write(name: string, bodies: object[], system: object = {}): Promise<WriteOutcome[]> {
  const definition = types.find((each) => each.name === name);
  if (!definition) throw new Error(`There is no ${name}`);
  const entityTypes = {
    [name]: {
      formerly: [],
      settings: definition.to.settings,
      resourceNames: Object.keys(definition.map),
      keyed: Object.keys(definition.to.keys),
    },
  };
  const settings = { url: `${simulator.url}/fhir`, ...system };
  const destination = fhir
    .connect('emr', settings, { margin: 0 })
    .destination?.(definition.to.settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  fhirPlaceholder = (each) => destination.placeholder(each);
  const mapping = compileMapping({ entityType: definition, codes: {} });
  const parts = { integration: 'i', process: 'p', definition, destination, mapping } as unknown as EntityTypeParts;
  const records = bodies.map((body, index): SourceRecord => {
    const id = (body as { ID?: string }).ID ?? `r${index}`;
    return { id, version: '1', modified: '2026-01-01T00:00:00.000Z', voided: false, body: { ID: id, ...body } };
  });
  const mapped = await mapAll(
    records.map((record) => ({ record, scope })),
    parts,
    c().signal,
  );
  const requests = mapped.map((each) => {
    if ('request' in each) return each.request;
    throw new Error(each.error.code);
  });
  return destination.write(requests, c());
}

const kinds = (outcomes: WriteOutcome[]): string[] => outcomes.map((each) => (each.kind === 'refused' ? each.error.code : each.kind));
const all = (type: string) => simulator.repository.all().filter(({ resourceType }) => resourceType === type);
const signs = (): unknown[] =>
  all('Condition')
    .map(({ code }) => (code as { text: string }).text)
    .sort();
const writes = (): number => simulator.requests.filter(isWrite).length;

describe.each([
  ['in bundles', {}],
  ['one by one', { bundle: 1 }],
  ['in bundles under ids of the server', { ids: 'server' }],
  ['one by one under ids of the server', { bundle: 1, ids: 'server' }],
])('a resource for each item, written %s', (_how, system) => {
  it('is written for each, referred to, and left where the list is only reordered', async () => {
    expect(kinds(await write('Visit', [{ signs: ['Fits', 'Fever'] }], system))).toEqual(['created']);
    expect(signs()).toEqual(['Fever', 'Fits']);
    const [visit] = all('Encounter');
    const references = (visit?.['diagnosis'] as { condition: { reference: string } }[]).map(({ condition }) => condition.reference);
    expect(references.sort()).toEqual(
      all('Condition')
        .map(({ id }) => `Condition/${id}`)
        .sort(),
    );
    const versions = all('Condition').map(({ id, meta }) => [id, meta?.versionId]);
    await write('Visit', [{ signs: ['Fever', 'Fits'] }], system);
    expect(all('Condition').map(({ id, meta }) => [id, meta?.versionId])).toEqual(versions);
    const before = writes();
    expect(kinds(await write('Visit', [{ signs: ['Fever', 'Fits'] }], system))).toEqual(['unchanged']);
    expect(writes()).toBe(before);
  });

  it('goes with its item, and only that', async () => {
    await write(
      'Visit',
      [
        { ID: 'a', signs: ['Fits', 'Fever'] },
        { ID: 'b', signs: ['Fits'] },
      ],
      system,
    );
    expect(kinds(await write('Visit', [{ ID: 'a', signs: 'Fever' }], system))).toEqual(['updated']);
    expect(signs()).toEqual(['Fever', 'Fits']);
    expect(kinds(await write('Visit', [{ ID: 'a' }], system))).toEqual(['updated']);
    expect(signs()).toEqual(['Fits']);
  });
});

describe.each([
  ['in bundles', {}],
  ['one by one', { bundle: 1 }],
  ['in bundles under ids of the server', { ids: 'server' }],
  ['one by one under ids of the server', { bundle: 1, ids: 'server' }],
])('what records share, written %s', (_how, system) => {
  it('is made once, however many need it, with what it refers to; and left alone by all', async () => {
    const both = ['a', 'b', 'c'].map((ID) => ({ ID, village: 'Nagar', block: 'North' }));
    expect(kinds(await write('Visit', both, system))).toEqual(['created', 'created', 'created']);
    const [village, block] = ['Nagar of Visit', 'North'].map((name) => all('Location').find((each) => each['name'] === name));
    expect(all('Location')).toHaveLength(2);
    expect(village?.['partOf']).toEqual({ reference: `Location/${block?.id}` });
    for (const visit of all('Encounter')) expect(visit['location']).toEqual([{ location: { reference: `Location/${village?.id}` } }]);
    const before = writes();
    expect(kinds(await write('Visit', both, system))).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(writes()).toBe(before);
  });

  it('that two types make differently is as the first made it', async () => {
    await write('Visit', [{ ID: 'a', village: 'Nagar' }], system);
    expect(kinds(await write('Camp', [{ ID: 'b', village: 'Nagar' }], system))).toEqual(['created']);
    expect(kinds(await write('Visit', [{ ID: 'a', village: 'Nagar' }], system))).toEqual(['unchanged']);
    expect(all('Location').map((each) => [each['name'], each.meta?.versionId])).toEqual([['Nagar of Visit', '1']]);
  });

  it('and others wrote stays theirs', async () => {
    simulator.repository.put({
      resourceType: 'Location',
      id: 'theirs',
      name: 'Nagar',
      identifier: [{ system: 'urn:village', value: 'Nagar' }],
    });
    expect(kinds(await write('Camp', [{ ID: 'b', village: 'Nagar' }], system))).toEqual(['created']);
    expect(all('Location')).toEqual([expect.objectContaining({ id: 'theirs', name: 'Nagar' })]);
    expect(all('Encounter')[0]?.['location']).toEqual([{ location: { reference: 'Location/theirs' } }]);
  });

  it('is left alone where somebody gave it another key', async () => {
    await write('Visit', [{ ID: 'a', village: 'Nagar' }], system);
    const [village] = all('Location');
    const theirs = { name: 'Old Nagar', identifier: [{ system: 'urn:village', value: 'Old Nagar' }], status: 'active' };
    if (village) simulator.repository.put({ ...village, ...theirs });
    expect(kinds(await write('Visit', [{ ID: 'b', village: 'Nagar' }], system))).toEqual(['created']);
    expect(all('Location')).toEqual([expect.objectContaining({ id: village?.id, ...theirs })]);
    const reference = `Location/${village?.id}`;
    for (const visit of all('Encounter')) expect(visit['location']).toEqual([{ location: { reference } }]);
  });

  it('stays where nobody needs it any more', async () => {
    await write('Visit', [{ ID: 'a', village: 'Nagar' }], system);
    expect(kinds(await write('Visit', [{ ID: 'a' }], system))).toEqual(['updated']);
    expect(all('Location')).toHaveLength(1);
  });

  it('is an error of the records that need it, where two have its key', async () => {
    for (const id of ['x', 'y'])
      simulator.repository.put({ resourceType: 'Location', id, identifier: [{ system: 'urn:village', value: 'Nagar' }] });
    expect(
      kinds(
        await write(
          'Camp',
          [
            { ID: 'a', village: 'Nagar' },
            { ID: 'b', village: 'Pur' },
          ],
          system,
        ),
      ),
    ).toEqual(['KeyAmbiguous', 'created']);
  });
});

describe('an item, and what is shared', () => {
  it('has an id that the name of its resource and its own make, for ever', () => {
    expect(itemName('danger', 'Fits')).toBe('danger/71d396e03e4b6a2f93b3f9429ca27fd7');
  });

  const change = (from: string, to: string): string => {
    expect(TYPES).toContain(from);
    return TYPES.replace(from, () => to);
  };
  const child =
    '\n      Child: { dependsOn: { Visit: V }, from: { system: avni, encounter: Child }, to: { system: emr, resource: Basic }, whenVoided: keep, map: MAP }\n';

  it.each([
    ['a list without what tells its items apart', change('            id: "sign ? sign : $"\n', ''), ['WrongValue map.danger']],
    [
      'a key of what there is several of',
      change('block: { system: "urn:block", value: block },', 'block: { value: block }, danger: { value: a },'),
      ['KeyWithEach to.key'],
    ],
    ['something shared without a key', change('block: { system: "urn:block", value: block },', ''), ['SharedWithoutKey map.block']],
    [
      'what is shared, for each item',
      change(
        "shared: true\n            resource: 'block",
        "shared: true\n            each: a\n            id: b\n            resource: 'block",
      ),
      ['WrongValue map.block'],
    ],
    ['an expression that does not parse', change('each: "signs"', 'each: "signs["'), ['BadExpression map.danger.each']],
    ['references in a list', change('each: "signs"', 'each: "$ref(\\"visit\\")"'), ['HelperMisplaced map.danger.each']],
    ['a parent without the id of its item', TYPES + child.replace('MAP', `'$merge([$parent("Visit", "danger")])'`), ['WhichItem map']],
    ['a parent that is shared', TYPES + child.replace('MAP', `'$merge([$parent("Visit", "village")])'`), ['UnknownResource map']],
  ])('is refused where it is %s', async (_what, changed, found) => {
    expect((await load(changed)).found).toEqual(found);
  });

  it('is never what a child refers to as its parent', async () => {
    const first = `
      Visit:
        from: { system: avni, encounter: Visit }
        to: { system: emr, resource: Condition }
        map: { danger: { each: a, id: b, resource: c } }${child.replace('MAP', `'$merge([$parent("Visit")])'`)}`;
    expect((await load(first)).found).toEqual(['FirstNotSingle map.danger']);
  });
});
