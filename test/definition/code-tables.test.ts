import { describe, expect, it } from '@jest/globals';
import { loadFiles, small } from './support.js';

async function load(table: string, csv?: string | Buffer) {
  const files = { 'x.yaml': small.replace('processes:', () => `codes: { t: ${table} }\nprocesses:`) };
  const { definitions, problems, warnings } = await loadFiles(csv === undefined ? files : { ...files, 'codes/t.csv': csv });
  return { table: definitions[0]?.codes['t'], problems, warnings, found: problems.map(({ code, path }) => `${code} ${path}`) };
}

describe('code tables', () => {
  it.each([
    ['in the file', '{ F: female, 1: 2, default: unknown }', undefined, { '1': '2', F: 'female' }],
    [
      'from CSV',
      '{ file: codes/t.csv, key: k, value: v, default: unknown }',
      '\ufeffv,k,x\nfemale,F,\n"a, b",गाँव,1\n',
      { F: 'female', गाँव: 'a, b' },
    ],
  ])('are read %s', async (_name, text, csv, entries) => {
    expect((await load(text, csv)).table).toEqual({ name: 't', entries, fallback: 'unknown' });
  });

  it.each([
    ['a file that is not there', '{ file: codes/t.csv, key: k, value: v }', undefined, ['MissingFile codes.t.file']],
    ['a file elsewhere', '{ file: ../t.csv, key: k, value: v }', undefined, ['OutsideFolder codes.t.file']],
    ['an absolute file', '{ file: /etc/passwd, key: k, value: v }', undefined, ['OutsideFolder codes.t.file']],
    ['a missing column', '{ file: codes/t.csv, key: kode, value: v }', 'kod,v\n1,2\n', ['MissingColumn codes.t.key']],
    ['a code that stands twice', '{ file: codes/t.csv, key: k, value: v }', 'k,v\n1,2\n3,4\n1,5\n', ['DuplicateCode codes.t.file']],
    ['what is not CSV', '{ file: codes/t.csv, key: k, value: v }', 'k,v\n1,2,3\n', ['InvalidCsv codes.t.file']],
    [
      'a file of another encoding',
      '{ file: codes/t.csv, key: k, value: v }',
      Buffer.from('k,v\nM\xe9li,2\n', 'latin1'),
      ['InvalidCsv codes.t.file'],
    ],
    ['two columns of one name', '{ file: codes/t.csv, key: k, value: v }', 'k,v,k\n1,2,3\n', ['InvalidCsv codes.t.file']],
    ['an empty file', '{ file: codes/t.csv, key: k, value: v }', '', ['MissingColumn codes.t.key', 'MissingColumn codes.t.value']],
    ['a file without columns', '{ file: codes/t.csv, key: k }', 'k,v\n1,2\n', ['MissingKey codes.t.value']],
  ])('are refused for %s', async (_name, text, csv, found) => {
    expect((await load(text, csv)).found).toEqual(found);
  });

  it('names rows, never what stands in them', async () => {
    const { problems } = await load('{ file: codes/t.csv, key: k, value: v }', 'k,v\nLakshmi,2\nLakshmi,5\n');
    expect(problems[0]?.message).toBe('Rows 2 and 3 of codes/t.csv have the same "k".');
  });

  it('have no code yet where a cell is blank: a warning names its line', async () => {
    const csv = 'k,v\nF,female\n"a\nb",\n\n,\n  O ,  \n,x\n';
    const { table, problems, warnings } = await load('{ file: codes/t.csv, key: k, value: v, default: unknown }', csv);
    expect([problems, table?.entries]).toEqual([[], { F: 'female', 'a\nb': '', O: '', '': 'x' }]);
    expect(warnings.map(({ code, file, line }) => `${code} ${file.slice(-11)} ${line}`)).toEqual([
      'NoCodeYet codes/t.csv 4',
      'NoCodeYet codes/t.csv 7',
      'NoCodeYet codes/t.csv 8',
    ]);
    expect(JSON.stringify(warnings)).not.toContain('"O"');
  });

  it.each(['""', "''", ''])('have no code yet in the file: %s', async (text) => {
    const { table, problems, warnings } = await load(`{ A: x, B: ${text}, default: ${text} }`);
    expect([problems, table]).toEqual([[], { name: 't', entries: { A: 'x', B: '' } }]);
    expect(warnings.map(({ code, path, line }) => `${code} ${path} ${line}`)).toEqual([
      'NoCodeYet codes.t.B 5',
      'NoCodeYet codes.t.default 5',
    ]);
  });
});
