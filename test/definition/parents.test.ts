import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { check, env } from './support.js';

/**
 * Subjects go to the EMR, results come back; `result` stands in the result's place, `more` behind
 * it.
 */
function definition(result: string, more = '', subject = ''): string {
  return `integration: hospital
systems:
  avni: { connector: both, url: "https://avni.example.org" }
  emr: { connector: both, url: "https://emr.example.org" }
  other: { connector: both, url: "https://other.example.org" }
processes:
  one:
    entityTypes:
      Result:
        ${result}
        from: { system: emr, type: Report }
        to: { system: avni, type: Result }
        map: '{ "subject": $parent("subject") }'
      Subject:
        ${subject}
        formerly: Person
        from: { system: avni, type: Subject }
        to: { system: emr, type: Patient }
        map: ID
${more}`;
}

const written = 'parents: { subject: { system: avni, writtenFrom: Subject, reference: subject.reference } }';
const find = (how: string): string =>
  `parents: { subject: { system: avni, find: { kind: subject, value: hid } }, enrolment: { system: avni, find: { kind: enrolment, ${how} } } }`;

async function typesOf(text: string) {
  const { definition: read, problems } = await check(text);
  expect(problems).toEqual([]);
  return read?.processes['one']?.entityTypes ?? [];
}

describe('parents that the destination’s system owns', () => {
  it('are read, with what the source calls them and the names they had', async () => {
    const [, result] = await typesOf(definition(written));
    expect(result?.parents).toEqual({
      subject: { writtenFrom: 'Subject', names: ['Subject', 'Person'], type: 'Subject', reference: 'subject.reference' },
    });
    expect(result?.whenParentMissing).toBe('bring');
  });

  it('are read with their connector’s settings, each behind the one it is looked for within', async () => {
    const text = definition(
      'whenParentMissing: filter\n        parents: { enrolment: { system: avni, find: { kind: e, of: subject } }, subject: { system: avni, find: { kind: s, value: hid } } }',
    );
    const result = (await typesOf(text)).find(({ name }) => name === 'Result');
    expect(Object.entries(result?.parents ?? {})).toEqual([
      ['subject', { find: { kind: 's' }, value: 'hid' }],
      ['enrolment', { find: { kind: 'e' }, of: 'subject' }],
    ]);
    expect(result?.whenParentMissing).toBe('filter');
  });

  it.each<[what: string, text: string, found: string, says: RegExp]>([
    [
      'both ways of finding one',
      definition(written.replace('writtenFrom', 'find: { kind: s, value: x }, writtenFrom')),
      'WrongValue parents.subject',
      /either writtenFrom and reference, or find/,
    ],
    ['none', definition('parents: { subject: { system: avni } }'), 'WrongValue parents.subject', /either writtenFrom/],
    ['no reference', definition(written.replace(', reference: subject.reference', '')), 'WrongValue parents.subject', /either writtenFrom/],
    [
      'another system',
      definition(written.replace('system: avni', 'system: emr')),
      'ParentElsewhere parents.subject.system',
      /is written to avni/,
    ],
    [
      'a type that is not there',
      definition(written.replace('Subject', 'Subjct')),
      'UnknownParent parents.subject.writtenFrom',
      /Did you mean "Subject"/,
    ],
    [
      'a type that goes the same way',
      definition(
        written.replace('Subject', 'Order'),
        '      Order: { from: { system: emr, type: Order }, to: { system: avni, type: Order }, map: ID }\n',
      ),
      'ParentElsewhere parents.subject.writtenFrom',
      /goes from emr to avni: what Result refers to in emr must have been written there from avni/,
    ],
    [
      'a type of another system',
      definition(
        written.replace('Subject', 'Order'),
        '      Order: { from: { system: avni, type: Order }, to: { system: other, type: Order }, map: ID }\n',
      ),
      'ParentElsewhere parents.subject.writtenFrom',
      /goes from avni to other/,
    ],
    [
      'a source that knows no origins',
      definition(written).replace('emr: { connector: both', 'emr: { connector: plain'),
      'CannotTrace parents.subject.writtenFrom',
      /cannot say from what/,
    ],
    [
      'a setting that the connector does not know',
      definition(find('value: x, kin: y')),
      'UnknownKey parents.enrolment.find.kin',
      /Did you mean "kind"/,
    ],
    ['a search for nothing', definition(find('').replace(', }', ' }')), 'MissingKey parents.enrolment.find', /neither by which value/],
    ['a search within nothing', definition(find('of: subjct')), 'UnknownParent parents.enrolment.find.of', /Did you mean "subject"/],
    ['a search within itself', definition(find('of: enrolment')), 'UnknownParent parents.enrolment.find.of', /no other parent/],
    [
      'searches within one another',
      definition('parents: { subject: { system: avni, find: { kind: s, of: b } }, b: { system: avni, find: { kind: s, of: subject } } }'),
      'DependencyCycle parents.subject',
      /each looked for within the next/,
    ],
    [
      'what could be brought over',
      definition(`whenParentMissing: bring\n        ${written}`),
      'CannotBring whenParentMissing',
      /never brought over/,
    ],
    [
      'a name that no $parent asks for rightly',
      definition(written.replace('subject:', 'patient:')),
      'UnknownParent map',
      /"subject" is not among/,
    ],
    [
      'a part of one',
      definition(written).replace('$parent("subject")', '$parent("subject", "main")'),
      'UnknownResource map',
      /has no resources by name/,
    ],
    [
      'an expression that does not compile',
      definition(written.replace('subject.reference', '"subject."')),
      'BadExpression parents.subject.reference',
      /does not compile/,
    ],
    [
      'a name that dependsOn has too',
      definition(
        `dependsOn: { Order: order }\n        ${written.replace('subject:', 'Order:')}`,
        '      Order: { from: { system: emr, type: Order }, to: { system: avni, type: Order }, map: ID }\n',
      ).replace('$parent("subject")', '$parent("Order")'),
      'DuplicateName parents.Order',
      /which of the two/,
    ],
  ])('are refused with %s', async (_what, text, found, says) => {
    const { found: all, problems } = await check(text);
    expect(all.map((each) => each.replace('processes.one.entityTypes.Result.', ''))).toEqual([found]);
    expect(problems[0]?.message).toMatch(says);
  });

  it('are refused by a destination that looks nothing up', async () => {
    const text = definition('parents: { subject: { system: avni, find: { kind: s, value: hid } } }').replace(
      'avni: { connector: both',
      'avni: { connector: plain',
    );
    expect((await check(text)).found).toEqual(['CannotLookUp processes.one.entityTypes.Result.parents.subject.find']);
  });

  it('make what they were written from a type that others depend on', async () => {
    const [subject] = await typesOf(definition(written));
    expect([subject?.name, subject?.whenVoided]).toEqual(['Subject', 'mark']);
  });
});

describe('the order of directions', () => {
  const type = (name: string, way: 'there' | 'back', parents: string[] = []): string => {
    const [from, to] = way === 'there' ? ['avni', 'emr'] : ['emr', 'avni'];
    const found = parents.map((parent) => `p${parent}: { system: ${to}, writtenFrom: ${parent}, reference: id }`).join(', ');
    return `      ${name}: { ${parents.length > 0 ? `parents: { ${found} }, ` : ''}from: { system: ${from}, type: ${name} }, to: { system: ${to}, type: to${name} }, map: ID }`;
  };
  const process = (...types: string[]): string => `integration: hospital
systems:
  avni: { connector: both, url: "https://avni.example.org" }
  emr: { connector: both, url: "https://emr.example.org" }
processes:
  one:
    entityTypes:
${types.join('\n')}
`;
  const order = async (...types: string[]): Promise<string[]> => (await typesOf(process(...types))).map(({ name }) => name);

  it('is that of the file, one direction whole before the other', async () => {
    expect(await order(type('A', 'there'), type('B', 'back'), type('C', 'there'))).toEqual(['A', 'C', 'B']);
  });

  it('begins with the direction that the other depends on', async () => {
    expect(
      await order(type('Result', 'back', ['Subject']), type('Referral', 'back'), type('Subject', 'there'), type('Visit', 'there')),
    ).toEqual(['Subject', 'Visit', 'Result', 'Referral']);
  });

  it('goes to and fro where each depends on the other', async () => {
    expect(
      await order(
        type('Visit', 'there', ['Registration']),
        type('Result', 'back', ['Subject']),
        type('Subject', 'there'),
        type('Registration', 'back'),
      ),
    ).toEqual(['Subject', 'Result', 'Registration', 'Visit']);
  });

  it('is none where types of both depend on one another in a circle, which is refused in words', async () => {
    const { problems } = await check(process(type('A', 'there', ['B']), type('B', 'back', ['A'])));
    expect(problems.map(({ code, path, message }) => [code, path, message])).toEqual([
      [
        'DependencyCycle',
        'processes.one.entityTypes.A.parents',
        'These depend on one another in a circle: A → B → A; none of them could be first.',
      ],
    ]);
  });
});

it('docs/definitions.md has an example of it that is valid with the real connectors', async () => {
  const page = await readFile('docs/definitions.md', 'utf8');
  const [, example = ''] = /^```yaml\nLabResult:\n( {2}parents:\n.*?)^```$/ms.exec(page) ?? [];
  const hospital = await readFile('integrations/hospital/hospital.yaml', 'utf8');
  const own = /(?<=^ {6}LabResult:\n) {8}parents:\n.*?(?=^ {8}from:)/ms;
  expect(hospital).toMatch(own);
  const text = hospital.replace(own, () => example.replace(/^(?=.)/gm, '      '));
  const { definition, problems } = await readDefinition('hospital.yaml', text, connectorTypes, env);
  expect(problems).toEqual([]);
  const result = definition?.processes['care']?.entityTypes.find(({ name }) => name === 'LabResult');
  expect(Object.keys(result?.parents ?? {})).toEqual(['subject', 'enrolment']);
});
