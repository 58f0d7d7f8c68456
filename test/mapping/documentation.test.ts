import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { connectorTypes } from '../../src/connectors/all.js';
import { placeholderFor } from '../../src/connectors/fhir/placeholders.js';
import { shapeResource } from '../../src/connectors/fhir/shape.js';
import type { CodeTable, EntityTypeDefinition } from '../../src/definition/definition.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { itemName } from '../../src/mapping/item-name.js';
import { CLINIC, clinicEnv } from '../support/clinic.js';

interface Block {
  kind: string;
  text: string;
}

const page = await readFile(fileURLToPath(new URL('../../docs/mapping.md', import.meta.url)), 'utf8');
const blocks: Block[] = [...page.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({ kind, text }));
const blockOf = (kind: string): string => blocks.find((block) => block.kind === kind)?.text ?? '';
const record = JSON.parse(blockOf('json record')) as unknown;
/** The record of the examples that daily needs have. */
const visit = JSON.parse(blockOf('json daily')) as unknown;
const scope = {
  parent: (type: string) => (type === 'Beneficiary' ? { reference: 'Patient/of-the-beneficiary' } : undefined),
  ref: placeholderFor,
};

const { functions } = parse(blockOf('yaml functions')) as { functions: Record<string, string> };

/** The ready definition with the page's tables, functions and entity type in place of its own. */
async function definition(): Promise<{ types: EntityTypeDefinition[]; codes: Record<string, CodeTable> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-docs-'));
  const clinic = await readFile(join(CLINIC, 'clinic.yaml'), 'utf8');
  const growth = blockOf('yaml entityTypes').replace(/^(?=.)/gm, '      ');
  const codes = blockOf('yaml codes').replace('codes:\n', '');
  const parts = /^ {6}Growth:$.*?(?=^ {6}# [^\n]*\n {6}HealthCheck:|^ {6}HealthCheck:)/ms;
  expect(clinic).toMatch(parts);
  await writeFile(
    join(folder, 'clinic.yaml'),
    clinic
      .replace(parts, () => growth)
      .replace('functions:\n', () => blockOf('yaml functions'))
      .replace('codes:\n', () => `codes:\n${codes}`),
  );
  const { definitions, problems } = await loadDefinitions({ paths: [folder], connectorTypes, env: clinicEnv('http://a', 'http://b') });
  await rm(folder, { recursive: true });
  expect(problems).toEqual([]);
  return { types: definitions[0]?.processes['maternal-health']?.entityTypes ?? [], codes: definitions[0]?.codes ?? {} };
}

describe('docs/mapping.md', () => {
  const examples = blocks.flatMap((block, index) =>
    block.kind.startsWith('jsonata') ? [{ ...block, gives: JSON.parse(blocks[index + 1]?.text ?? 'null') as unknown }] : [],
  );

  it('has examples of every helper', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const helper of ['$code(', '$date(', '$dateTime(', '$parent(', '$ref('])
      expect(blocks.some(({ text }) => text.includes(helper))).toBe(true);
  });

  it.each(examples)('gives what it says: $text', async ({ kind, text, gives }) => {
    const { types, codes } = await definition();
    const [growth] = types.filter(({ name }) => name === 'Growth');
    if (!growth) throw new Error('the page has an entity type Growth');
    const { resources } = await compileMapping({ entityType: { ...growth, map: { main: text }, functions }, codes }).map(
      kind === 'jsonata daily' ? visit : record,
      scope,
    );
    if (kind === 'jsonata resource') expect(shapeResource(resources['main'], ['Patient'])).toEqual({ type: 'Patient', body: gives });
    else expect(resources['main']).toEqual(gives);
  });

  it('has a list of which each item makes a resource', async () => {
    const { types } = await definition();
    const growth = types.find(({ name }) => name === 'Growth');
    const { map } = parse(blockOf('yaml each')) as { map: { visit: string; advice: { each: string; id: string; resource: string } } };
    if (!growth) throw new Error('the page has an entity type Growth');
    const { each, id, resource } = map.advice;
    const entityType = { ...growth, map: { visit: map.visit, advice: resource }, each: { advice: { list: each, id } } };
    const { resources } = await compileMapping({ entityType, codes: {} }).map(record, scope);
    expect(resources).toMatchObject({
      visit: { resourceType: 'Encounter' },
      [itemName('advice', 'Feeding')]: { valueString: 'Feeding', effectiveDateTime: '2026-11-22T02:00:00.000+05:30' },
      [itemName('advice', 'Hygiene')]: { valueString: 'Hygiene', encounter: placeholderFor('visit') },
    });
    for (const made of Object.values(resources)) expect(shapeResource(made, ['Encounter', 'Observation'])).toHaveProperty('body');
  });

  it('has a table and an expression that map a form of sixty questions', async () => {
    const form = parse(blockOf('yaml form')) as { codes: object; functions: object; map: object };
    const shown = blockOf('csv form').trim();
    const more = Array.from({ length: 60 - (shown.split('\n').length - 1) }, (_, index) => `Question ${index},${index}-1,kg,quantity`);
    const folder = await mkdtemp(join(tmpdir(), 'sangam-docs-'));
    const subject = { from: { system: 'avni', subject: 'B' }, to: { system: 'emr', resource: 'Patient' } };
    const text = stringify({
      integration: 'form',
      systems: { avni: { connector: 'avni', url: 'https://a', auth: { userName: 'u' } }, emr: { connector: 'fhir', url: 'https://b' } },
      codes: form.codes,
      functions: form.functions,
      processes: {
        p: {
          entityTypes: {
            Beneficiary: { ...subject, map: '{ "resourceType": "Patient" }' },
            Growth: {
              dependsOn: { Beneficiary: '`Subject ID`' },
              from: { system: 'avni', encounter: 'G' },
              to: { system: 'emr', resource: 'Observation' },
              map: form.map,
            },
          },
        },
      },
    });
    await mkdir(join(folder, 'codes'));
    await writeFile(join(folder, 'form.yaml'), text);
    await writeFile(join(folder, 'codes', 'growth.csv'), [shown, ...more].join('\n'));
    const { definitions, problems } = await loadDefinitions({ paths: [folder], connectorTypes, env: {} });
    await rm(folder, { recursive: true });
    expect(problems).toEqual([]);
    const entityType = definitions[0]?.processes['p']?.entityTypes.find(({ name }) => name === 'Growth');
    if (!entityType) throw new Error('the form has an entity type');
    expect(definitions[0]?.codes['growth']?.rows).toHaveLength(60);
    const mapping = compileMapping({ entityType, codes: definitions[0]?.codes ?? {} });
    const { resources, unmapped } = await mapping.map(record, scope);
    expect(resources).toMatchObject({
      [itemName('question', 'Weight')]: {
        valueQuantity: { value: 11.4, unit: 'kg' },
        code: { coding: [{ code: '29463-7' }], text: 'Weight' },
      },
      [itemName('question', 'Nutrition status')]: { valueCodeableConcept: { text: 'Moderate' } },
      [itemName('question', 'Next visit')]: { valueDateTime: '2026-12-01' },
      [itemName('question', 'Remarks')]: { valueString: 'walks two hours' },
    });
    expect(Object.keys(resources)).toHaveLength(4);
    for (const made of Object.values(resources)) expect(shapeResource(made, ['Observation'])).toHaveProperty('body');
    expect(unmapped).toEqual(['Counselling given', 'Household']);
    const own = (record as { observations: object }).observations;
    const answers = Object.fromEntries(more.map((line) => [line.split(',')[0], 1]));
    const all = await mapping.map({ ...(record as object), observations: { ...own, ...answers, Height: 40 } }, scope);
    expect([Object.keys(all.resources).length, all.unmapped]).toEqual([60, ['Counselling given', 'Household']]);
  });

  it('has an entity type that makes of the record what it says, and leaves no concept unread but those it shows', async () => {
    const { types, codes } = await definition();
    const growth = types.find(({ name }) => name === 'Growth');
    if (!growth) throw new Error('the page has an entity type Growth');
    const mapping = compileMapping({ entityType: growth, codes });
    const { resources, unmapped } = await mapping.map(record, scope);
    expect(Object.keys(resources)).toEqual(['visit', 'weight']);
    for (const resource of Object.values(resources))
      expect(shapeResource(resource, ['Encounter', 'Observation'])).toMatchObject({ type: expect.any(String) as unknown });
    expect(resources['weight']).toMatchObject({ encounter: placeholderFor('visit') });
    expect(unmapped).toContain('Nutrition status');
    expect(unmapped).not.toContain('Remarks');
    expect(await mapping.accepts(record)).toBe(true);
    expect(await mapping.parentIds(record)).toEqual({ Beneficiary: '5f0c0f2e-6a7e-4c0b-9a51-3f6a1d1f7a10', Enrolment: undefined });
    expect(growth).toMatchObject({ whenNoLonger: 'remove', whenVoided: 'mark' });
  });
});
