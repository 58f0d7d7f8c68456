import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { connectorTypes } from '../../src/connectors/all.js';
import { placeholderFor } from '../../src/connectors/fhir/placeholders.js';
import { shapeResource } from '../../src/connectors/fhir/shape.js';
import type { CodeTable, EntityTypeDefinition } from '../../src/definition/definition.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { CLINIC, clinicEnv } from '../support/clinic.js';

interface Block {
  kind: string;
  text: string;
}

const page = await readFile(fileURLToPath(new URL('../../docs/mapping.md', import.meta.url)), 'utf8');
const blocks: Block[] = [...page.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({ kind, text }));
const blockOf = (kind: string): string => blocks.find((block) => block.kind === kind)?.text ?? '';
const record = JSON.parse(blockOf('json record')) as unknown;
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
      .replace('processes:\n', () => `${blockOf('yaml functions')}processes:\n`)
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
    const { resources } = await compileMapping({ entityType: { ...growth, map: { main: text }, functions }, codes }).map(record, scope);
    if (kind === 'jsonata resource') expect(shapeResource(resources['main'], ['Patient'])).toEqual({ type: 'Patient', body: gives });
    else expect(resources['main']).toEqual(gives);
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
