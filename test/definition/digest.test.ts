import { describe, expect, it } from '@jest/globals';
import { loadFiles, env, small } from './support.js';

const csv = 'code,value\nF,female\n';
const base = `${small
  .replace('"resourceType": "Patient"', '"gender": $code("gender", g)')
  .replace('processes:', 'codes: { gender: { file: codes/gender.csv, key: code, value: value }, unused: { a: b } }\nprocesses:')}  two:
    entityTypes:
      Other: { from: { system: avni, subject: Other }, to: { system: emr, resource: Patient }, map: ID }
`;

async function digests(text: string, table = csv, environment: Record<string, string | undefined> = env) {
  const { definitions, problems } = await loadFiles({ 'x.yaml': text, 'codes/gender.csv': table }, environment);
  expect(problems).toEqual([]);
  const processes = definitions[0]?.processes;
  return { one: processes?.['one']?.digest, two: processes?.['two']?.digest };
}

const change = (from: string, to: string): string => {
  expect(base).toContain(from);
  return base.replace(from, () => to);
};

const withTypes = (types: string): string => base.replace('processes:', `errorTypes:\n${types}processes:`);
const type = (name: string, text: string): string => `  ${name}: { contains: ${text}, then: retry, remedy: Mend it. }\n`;

describe('the digest of a process', () => {
  it.each([
    ['comments and layout', `# a comment\n${change('{ connector: fhir,', '{   connector:   fhir,')}`, csv, env],
    ['the order of keys', change('system: avni, subject: Person', 'subject: Person, system: avni'), csv, env],
    ['quotes around a text of the CSV', base, 'code,value\n"F","female"\n', env],
    ['what a variable stands for', base, csv, { ...env, AVNI_URL: 'https://other.example.org' }],
    ['a code table it does not use', change('unused: { a: b }', 'unused: { a: c }'), csv, env],
  ])('does not change by %s', async (_name, text, table, environment) => {
    expect(await digests(text, table, environment)).toEqual(await digests(base));
  });

  it.each([
    ['its cadence', change('every: 5 minutes', 'every: 6 minutes'), csv],
    ['an expression', change('"Encounter", "subject"', '"Encounter","subject"'), csv],
    ['what a CSV file holds', base, 'code,value\nF,woman\n'],
  ])('changes by %s, and that of the other process does not', async (_name, text, table) => {
    const [before, after] = [await digests(base), await digests(text, table)];
    expect(after.one).not.toBe(before.one);
    expect(after.two).toBe(before.two);
    expect(after.one).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a system both use, as written', change('"${FHIR_URL}"', '"${FHIR_URL}/r4"')],
    ['an error type', withTypes(type('A', 'a'))],
    ['the name of the integration', change('integration: small', 'integration: large')],
  ])('changes for both by %s', async (_name, text) => {
    const [before, after] = [await digests(base), await digests(text)];
    expect(after.one).not.toBe(before.one);
    expect(after.two).not.toBe(before.two);
  });

  it('changes by what an error type says, and by the order of error types', async () => {
    const texts = [
      [type('A', 'a'), type('B', 'b')],
      [type('A', 'x'), type('B', 'b')],
      [type('B', 'b'), type('A', 'a')],
    ];
    const all = await Promise.all(texts.map(async (types) => (await digests(withTypes(types.join('')))).one));
    expect(new Set(all).size).toBe(3);
  });

  it('changes by how errors are dealt with', async () => {
    const [before, after] = [
      await digests(base),
      await digests(change('every: 5 minutes', 'every: 5 minutes\n    errors: { attempts: 3 }')),
    ];
    expect(after.one).not.toBe(before.one);
    expect(after.two).toBe(before.two);
  });

  it('changes by the order of resources', async () => {
    const lines = base.split('\n');
    const visit = lines.findIndex((line) => line.includes('visit:'));
    const swapped = [...lines.slice(0, visit), lines[visit + 1], lines[visit], ...lines.slice(visit + 2)].join('\n');
    expect((await digests(swapped)).one).not.toBe((await digests(base)).one);
  });
});

describe('the fingerprint of a system', () => {
  const fingerprint = async (text: string, environment: Record<string, string | undefined>) =>
    (await loadFiles({ 'x.yaml': text }, environment)).definitions[0]?.systems['avni']?.fingerprint;
  const tenant = (name: string): string => small.replace('{ connector: avni', `{ tenant: ${name}, connector: avni`);

  it('belongs to address and tenant, not to who signs in', async () => {
    const first = await fingerprint(small, env);
    expect(await fingerprint(small.replace('userName: me', 'userName: other'), env)).toBe(first);
    expect(await fingerprint(small, { ...env, AVNI_URL: `${env.AVNI_URL}/` })).toBe(first);
    expect(await fingerprint(small, { ...env, AVNI_URL: 'https://other.example.org' })).not.toBe(first);
    expect(await fingerprint(tenant('a'), env)).not.toBe(await fingerprint(tenant('b'), env));
  });
});
