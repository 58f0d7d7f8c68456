import { describe, expect, it } from '@jest/globals';
import { loadFiles, small } from './support.js';

async function load(table: string, { csv, map = '$rows("t").{ "a": k }' }: { csv?: string; map?: string } = {}) {
  const text = small
    .replace('processes:', () => `codes: { t: ${table}, other: { a: b } }\nprocesses:`)
    .replace('{ "resourceType": "Patient" }', () => map);
  const { definitions, problems } = await loadFiles(csv === undefined ? { 'x.yaml': text } : { 'x.yaml': text, 'codes/t.csv': csv });
  const digest = definitions[0]?.processes['one']?.digest;
  return { table: definitions[0]?.codes['t'], digest, found: problems.map(({ code, path }) => `${code} ${path}`) };
}

describe('code tables of rows', () => {
  it.each([
    ['in the file', '[{ k: Weight, loinc: 0123, unit: "" }, { k: 1.10 }]', undefined],
    ['from CSV', '{ file: codes/t.csv }', 'k,loinc,unit\nWeight,0123,\n1.10,,\n'],
  ])('are read %s as the text that stands there, blank cells left out', async (_where, table, csv) => {
    const { table: read, found } = await load(table, csv === undefined ? {} : { csv });
    expect(found).toEqual([]);
    expect(read).toEqual({ name: 't', entries: {}, rows: [{ k: 'Weight', loinc: '0123' }, { k: '1.10' }] });
  });

  it('change the digest of the process that names them', async () => {
    const digest = async (csv: string): Promise<string | undefined> => (await load('{ file: codes/t.csv }', { csv })).digest;
    expect(await digest('k\n1\n')).not.toBe(await digest('k\n2\n'));
  });

  it.each([
    ['a file elsewhere', '{ file: ../t.csv }', undefined, 'OutsideFolder codes.t.file'],
    ['a file that is not there', '{ file: codes/t.csv }', undefined, 'MissingFile codes.t.file'],
    ['two columns of one name', '{ file: codes/t.csv }', 'k,k\n1,2\n', 'InvalidCsv codes.t.file'],
    ['a column without a name', '{ file: codes/t.csv }', 'k,\n1,2\n', 'InvalidCsv codes.t.file'],
    ['no rows', '{ file: codes/t.csv }', 'k\n', 'InvalidCsv codes.t.file'],
    ['no rows in the file', '[]', undefined, 'WrongValue codes.t'],
    ['a row that is none', '[{ k: [1] }]', undefined, 'WrongType codes.t.0.k'],
  ])('are refused for %s', async (_why, table, csv, problem) => {
    expect((await load(table, csv === undefined ? {} : { csv })).found).toEqual([problem]);
  });

  it.each([
    ['$code of rows', '$code("t", ID)', 'WrongCodeTable processes.one.entityTypes.Person.map'],
    ['$rows of codes', '$rows("other")', 'WrongCodeTable processes.one.entityTypes.Person.map'],
    ['$rows of nothing', '$rows("none")', 'UnknownCodeTable processes.one.entityTypes.Person.map'],
  ])('are told from tables of codes: %s', async (_what, map, problem) => {
    expect((await load('[{ k: 1 }]', { map })).found).toEqual([problem]);
  });
});
