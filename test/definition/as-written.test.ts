import { describe, expect, it } from '@jest/globals';
import { check, edited, small } from './support.js';

/**
 * What YAML makes something else of: numbers of every form, booleans; codes of real systems among
 * them.
 */
const ODD = [
  ...['1E50', '1E32', '0123', '007', '1.0', '1.10', '999000011000001104', '12345678901234567890', '0.10', '.5', '5.', '+5', '-0', '00'],
  ...['0x1F', '0o17', '1e3', '1E+3', '.inf', '-.INF', '.nan', 'true', 'True', 'FALSE', '1_000', '08', 'NaN', '2026-11-24', 'yes', 'N'],
];

const withCodes = (codes: string): string => small.replace('processes:', () => `codes: ${codes}\nprocesses:`);

describe('what stands in a code table', () => {
  it.each(ODD)('%s arrives as it stands, as a code and as what it becomes', async (text) => {
    const { definition, problems } = await check(withCodes(`{ t: { A: ${text}, ${text}: B, default: ${text} } }`));
    expect(problems).toEqual([]);
    expect(definition?.codes['t']).toEqual({ name: 't', entries: { A: text, [text]: 'B' }, fallback: text });
  });

  it('arrives as it stands in a block, over an alias and behind a tag', async () => {
    const { definition } = await check(
      withCodes('\n  t:\n    0123: &code 1E50 # ICD-11\n    B: *code\n    C: !!str 007\n    "1.0": \'0x1\''),
    );
    expect(definition?.codes['t']?.entries).toEqual({ '0123': '1E50', B: '1E50', C: '007', '1.0': '0x1' });
  });

  it('never makes one code of two', async () => {
    const { definition } = await check(withCodes('{ t: { 1: a, 01: b, 1.0: c, 999000011000001104: d, 999000011000001105: e } }'));
    expect(Object.keys(definition?.codes['t']?.entries ?? {})).toHaveLength(5);
  });

  it.each(['~', 'null', 'NULL'])('%s is refused: it means nothing', async (text) => {
    const { found } = await check(withCodes(`{ t: { A: ${text}, ${text}: B } }`));
    expect(found).toEqual(['NotAsWritten codes.t.A', `NotAsWritten codes.t.${text}`]);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'])('may be called %s', async (name) => {
    const { definition } = await check(withCodes(`{ t: { ${name}: ${name} } }`));
    expect(Object.entries(definition?.codes['t']?.entries ?? {})).toEqual([[name, name]]);
  });
});

describe('elsewhere', () => {
  it.each(ODD.filter((text) => /^[-+.\d]/.test(text) && !['2026-11-24', '1_000', '08', '5.', '.5'].includes(text)))(
    'the number %s in the place of a text is refused, to be put in quotes',
    async (text) => {
      const { problems } = await check(edited('subject: Person', `subject: ${text}`));
      expect(problems.map(({ path }) => path)).toContain('processes.one.entityTypes.Person.from.subject');
      expect(problems.map(({ message }) => message).join(' ')).toMatch(/put it in quotes/);
    },
  );

  it.each(['0123', '1E5', '1.10', '12345678901234567890'])('%s in what is taken as it is given is refused too', async (text) => {
    const marked = edited('resource: Patient }', `resource: Patient, mark: { Patient: { x: ${text} } } }`);
    expect((await check(marked)).found).toEqual(['NotAsWritten processes.one.entityTypes.Person.to.mark.Patient.x']);
    const name = text.toLowerCase().replace('.', '');
    expect((await check(small.replace('one:', `${name}:`))).definition?.processes[name] === undefined).toBe(text !== '1.10');
  });

  it('a name that is a number as it is written stays it, and one that is not is refused', async () => {
    expect((await check(small.replace('one:', '7:'))).definition?.processes['7']?.id).toBe('small/7');
    const { found } = await check(small.replace('one:', '007:'));
    expect(found).toEqual(['NotAsWritten processes.007']);
    expect((await check(small.replace('one:', '"007":'))).definition?.processes['007']?.id).toBe('small/007');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('%s works as a name, or is refused in words', async (name) => {
    const texts = [
      small.replaceAll('Visit:', `${name}:`),
      small.replaceAll('emr', name),
      small.replace('one:', `${name}:`),
      small.replace('integration: small', `integration: ${name}`),
      withCodes(`{ ${name}: { A: B } }`),
      withCodes(`{ t: { ${name}: B } }`),
      small.replaceAll('visit', name),
      `${small}errorTypes: { ${name}: { contains: x, then: retry, remedy: y } }\n`,
      `${small}errorTypes: { E: { matches: "(?<${name}>x)", keep: [${name}], then: retry, remedy: y } }\n`,
      small.replace('"resourceType": "Encounter",', () => `"resourceType": "Encounter", "n": (function($${name}) { $${name} })(1),`),
    ];
    for (const text of texts) {
      const { definition, problems } = await check(text);
      expect(definition !== undefined || problems.length > 0).toBe(true);
      for (const { message } of problems) expect(message).toMatch(/name that JavaScript itself uses|must be|"default"|key/);
    }
    expect(Object.keys({})).toEqual([]);
    expect(({} as Record<string, unknown>)['A']).toBeUndefined();
  });
});
