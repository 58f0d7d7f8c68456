import { describe, expect, it } from '@jest/globals';
import { check, loadFiles } from './support.js';

function bothWays(there: string, back: string, secondUrl = 'https://b.example.org'): string {
  return `integration: both
systems:
  a: { connector: both, url: "https://a.example.org" }
  b: { connector: both, url: "${secondUrl}" }
  c: { connector: both, url: "https://b.example.org/" }
processes:
  one:
    entityTypes:
      There: { from: { system: a, type: Person }, to: { system: b, ${there} }, map: ID }
      Back: { from: { system: ${back} }, to: { system: a, type: Other }, map: ID }
`;
}

describe('one owner for each kind of record', () => {
  it.each([
    ['the same type', 'type: Visit', 'b, type: Visit'],
    ['the same tag', 'type: Visit, tag: x', 'b, type: Visit, tag: x'],
    ['a tag only where it is read', 'type: Visit', 'b, type: Visit, tag: x'],
    ['a tag only where it is written', 'type: Visit, tag: x', 'b, type: Visit'],
    ['a tag and a code, which one record may both have', 'type: Visit, tag: x', 'b, type: Visit, code: y'],
    ['two names of one address', 'type: Visit', 'c, type: Visit'],
  ])('refuses what is written and read: %s', async (_name, there, back) => {
    const { found, problems } = await check(bothWays(there, back));
    expect(found).toEqual(['TwoOwners processes.one.entityTypes.Back.from']);
    expect(problems[0]?.message).toMatch(
      /Visit.* records of b are written by There \(.*x\.yaml:9\) and read by Back \(.*x\.yaml:10\)\. Each has one owner/,
    );
    expect(problems[0]?.allowed).toMatch(/tell their records apart.*docs\/ownership\.md/);
  });

  it.each([
    ['of other types', 'type: Visit', 'b, type: Call'],
    ['told apart by tag', 'type: Visit, tag: x', 'b, type: Visit, tag: y'],
  ])('lets both directions be where records are %s', async (_name, there, back) => {
    expect((await check(bothWays(there, back))).found).toEqual([]);
  });
});

/** Which concepts these read nobody can tell from them. */
const READ_WHOLE = [
  '$string(observations)',
  '$each(observations, function($v) { $v })',
  'observations.*',
  '$lookup(observations, name)',
  '$lookup($$, "observations")',
  '**.Weight',
  '$$.*.Weight',
  '$string($$)',
  '($o := observations; $o.Weight)',
];

describe('one owner for each field of a record that several write', () => {
  const file = (...types: string[]): string => `integration: both
systems:
  a: { connector: both, url: "https://a.example.org" }
  b: { connector: both, url: "https://b.example.org" }
processes:
  one:
    entityTypes:
${types.map((each) => `      ${each}`).join('\n')}
`;
  const writer = (name: string, owns: string): string =>
    `${name}: { from: { system: a, type: ${name} }, to: { system: b, type: Visit${owns} }, map: ID }`;
  const reader = (map: string): string => `Back: { from: { system: b, type: Visit }, to: { system: a, type: Other }, map: '${map}' }`;
  const path = 'processes.one.entityTypes';

  it.each<[what: string, text: string, found: string[], says: RegExp | undefined]>([
    ['of two writers', file(writer('A', ', owns: [Pulse]'), writer('B', ', owns: [Weight]')), [], undefined],
    ['of one that reads what others write', file(writer('A', ', owns: [Pulse]'), reader('observations.Weight')), [], undefined],
    ['of two that write whole records', file(writer('A', ''), writer('B', '')), [], undefined],
    [
      'which two write',
      file(writer('A', ', owns: [Pulse, Weight]'), writer('B', ', owns: [Weight, Height]')),
      [`TwoOwners ${path}.B.to`],
      /^Weight of Visit records of b are written by A \(.*:8\) and by B \(.*:9\)\./,
    ],
    [
      'which another one writes as a whole',
      file(writer('A', ', owns: [Pulse]'), writer('B', '')),
      [`TwoOwners ${path}.B.to`],
      /^Pulse of Visit records .* by B \(.*\), which the latter owns whole/,
    ],
    [
      'which is also read',
      file(writer('A', ', owns: [Pulse, Weight]'), reader('observations.Pulse')),
      [`TwoOwners ${path}.Back.from`],
      /^Pulse of Visit records of b are written by A .* and read by Back/,
    ],
    [
      'of one that reads none but by name',
      file(writer('A', ', owns: [Pulse]'), reader('$lookup(observations, "Weight") & $map(rows, function($r) { $r.observed })')),
      [],
      undefined,
    ],
    [
      'beside the observations that another one reads whole',
      file(writer('A', ', owns: [Due]'), reader('$string(observations)')),
      [],
      undefined,
    ],
    ...READ_WHOLE.map((map): [string, string, string[], RegExp] => [
      `which may be among what is read by ${map}`,
      file(writer('A', ', owns: [Pulse, Due]'), reader(map)),
      [`TwoOwners ${path}.Back.from`],
      /^Pulse of Visit records of b are written by A .* and read by Back/,
    ]),
    [
      'which a function of the definition reads',
      `${file(writer('A', ', owns: [Pulse]'), reader('$pulse()'))}functions: { pulse: "function() { $$.observations.Pulse }" }\n`,
      [`TwoOwners ${path}.Back.from`],
      undefined,
    ],
  ])('%s', async (_what, text, found, says) => {
    const checked = await check(text);
    expect(checked.found).toEqual(found);
    if (says) expect(checked.problems[0]?.message).toMatch(says);
  });
});

describe('one writer for each key', () => {
  const file = (one: string, other: string): string => `integration: both
systems:
  a: { connector: both, url: "https://a.example.org" }
  b: { connector: both, url: "https://b.example.org" }
processes:
  one:
    entityTypes:
      A: { from: { system: a, type: A }, to: { system: b, type: Visit${one} }, map: ID }
      B: { from: { system: a, type: B }, to: { system: b, type: Visit${other} }, map: ID }
`;
  const key = ', key: { value: ID }';
  const unmarked = `${key}, unmarked: true`;

  it.each([
    ['neither says of which type a record is', unmarked, unmarked],
    ['one of them does not', key, unmarked],
  ])('is asked for where two types meet records by keys, and %s', async (_what, one, other) => {
    const { found, problems } = await check(file(one, other));
    expect(found).toEqual(['TwoOwners processes.one.entityTypes.B.to']);
    expect(problems[0]?.message).toMatch(/Visit records of b are met by a key by A \(.*:8\) and by B \(.*:9\).*“origin”/);
  });

  it.each([
    ['both say so', key, key],
    ['one has ids that are derived', unmarked, ', unmarked: true'],
    ['each owns a part', `${unmarked}, owns: [Pulse]`, `${unmarked}, owns: [Weight]`],
  ])('is not asked for where %s', async (_what, one, other) => {
    expect((await check(file(one, other))).found).toEqual([]);
  });
});

describe('one owner over all definitions of a worker', () => {
  const file = (integration: string, from: string, to: string): string => `integration: ${integration}
systems:
  mine: { connector: both, url: "https://${integration}.example.org" }
  shared: { connector: both, url: "https://emr.example.org/" }
processes:
  one:
    entityTypes:
      ${integration}: { from: { system: ${from} }, to: { system: ${to} }, map: ID }
`;
  const there = file('clinic', 'mine, type: Person', 'shared, type: Patient');

  it('refuses both where one writes what the other reads, and names both lines in each', async () => {
    const { definitions, problems } = await loadFiles({
      'a.yaml': there,
      'b.yaml': file('school', 'shared, type: Patient', 'mine, type: Pupil'),
    });
    expect(definitions).toEqual([]);
    expect(problems.map(({ code, file: of, line, path }) => [code, of.slice(-6), line, path])).toEqual([
      ['TwoOwners', 'b.yaml', 8, 'processes.one.entityTypes.school.from'],
      ['TwoOwners', 'a.yaml', 8, 'processes.one.entityTypes.clinic.to'],
    ]);
    for (const { message } of problems) expect(message).toMatch(/written by clinic \(.*a\.yaml:8\) and read by school \(.*b\.yaml:8\)/);
  });

  it.each([
    [
      'another part of the type',
      file('school', 'shared, type: Patient, tag: x', 'mine, type: Pupil'),
      there.replace('Patient', 'Patient, tag: y'),
    ],
    ['another server', file('school', 'shared, type: Patient', 'mine, type: Pupil').replace('emr.example', 'other.example'), there],
    ['the same to write', file('school', 'mine, type: Pupil', 'shared, type: Patient'), there],
  ])('lets each have %s', async (_what, one, other) => {
    expect((await loadFiles({ 'a.yaml': other, 'b.yaml': one })).problems).toEqual([]);
  });

  it('knows a type that goes back under a name that another one had', async () => {
    const text = there.replace(
      'map: ID }',
      'map: ID }\n      Back: { formerly: clinic, from: { system: shared, type: X }, to: { system: mine, type: Y }, map: ID }',
    );
    expect((await check(text)).found).toEqual(['DuplicateName processes.one.entityTypes.Back.formerly']);
  });
});
