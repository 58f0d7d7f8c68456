import { describe, expect, it } from '@jest/globals';
import { check, edited, env, small } from './support.js';

const types = 'processes.one.entityTypes';
const visitLine = '      Visit:\n';

const linked = (link: string): string => edited('url: "${FHIR_URL}" }', `url: "\${FHIR_URL}", link: "${link}" }`);

/** What is changed, and every problem that must come of it. */
const refused: [name: string, text: string, found: string[], says?: RegExp][] = [
  ['an unknown key at the top', `${small}extra: 1\n`, ['UnknownKey extra']],
  ['an unknown key, nearly right', edited('every:', 'evry:'), ['UnknownKey processes.one.evry'], /Did you mean "every"\?/],
  [
    'an unknown key of a connector’s',
    edited('auth:', 'auht:'),
    ['MissingKey systems.avni.auth', 'UnknownKey systems.avni.auht'],
    /Did you mean "auth"/,
  ],
  [
    'an unknown key in "from"',
    edited('subject: Person', 'subjcet: Person'),
    [`WrongValue ${types}.Person.from`, `UnknownKey ${types}.Person.from.subjcet`],
    /Did you mean "subject"/,
  ],
  [
    'an unknown key in "to"',
    edited('resource: Patient', 'resource: Patient, adpot: true'),
    [`UnknownKey ${types}.Person.to.adpot`],
    /Did you mean "adopt"/,
  ],
  ['a name of another form', edited('integration: small', 'integration: Small One'), ['WrongValue integration']],
  ['a number for a name', edited('integration: small', 'integration: 7'), ['WrongType integration'], /must be text, not a number/],
  ['an entity type name of another form', small.replaceAll('Visit:', 'Vi_sit:'), [`InvalidName ${types}.Vi_sit`]],
  ...['constructor', 'toString', 'valueOf'].map((name): [string, string, string[], RegExp] => [
    `an entity type that is called ${name}`,
    small.replaceAll('Visit:', `${name}:`),
    [`InvalidName ${types}.${name}`],
    /choose another/,
  ]),
  ['a missing key', edited('        map: \'{ "resourceType": "Patient" }\'\n', ''), [`MissingKey ${types}.Person.map`]],
  [
    'no system at all',
    'integration: x\nsystems: {}\nprocesses: { one: { entityTypes: {} } }\n',
    ['WrongValue systems', 'WrongValue processes.one.entityTypes'],
  ],
  ['a file that is a list', '- 1\n', ['WrongType ']],
  ['an empty file', '', ['WrongType ']],
  ['broken YAML', 'a: [1\nb: 2\n', ['InvalidYaml a']],
  [
    'an entity type that is called __proto__',
    small.replaceAll('Visit:', '__proto__:'),
    [`InvalidYaml ${types}.__proto__`],
    /choose another/,
  ],
  [
    'a key __proto__ deep down',
    edited('resource: Patient }', 'resource: Patient, __proto__: {} }'),
    [`InvalidYaml ${types}.Person.to.__proto__`],
  ],
  [
    'a key that stands twice',
    edited(visitLine, '      Person: {}\n      Visit:\n'),
    [`MissingKey ${types}.Person.from`, `MissingKey ${types}.Person.to`, `MissingKey ${types}.Person.map`, `DuplicateKey ${types}.Person`],
  ],
  ['a duration without unit', edited('5 minutes', '5'), ['WrongType processes.one.every']],
  ['a duration of a strange unit', edited('5 minutes', '5 moons'), ['WrongValue processes.one.every']],
  ['a cadence of nothing', edited('5 minutes', '0 s'), ['WrongValue processes.one.every']],
  ['a zone that does not exist', edited('every: 5 minutes', 'at: "01:30 Asia/Kolkatta"'), ['WrongValue processes.one.at'], /time zone/],
  ['both cadences', edited('every: 5 minutes', 'every: 5 minutes\n    at: "01:30 Asia/Kolkata"'), ['WrongValue processes.one'], /not both/],
  ['"since" without zone', edited(visitLine, `${visitLine}        since: 2026-01-01T00:00:00\n`), [`WrongValue ${types}.Visit.since`]],
  [
    'a day that does not exist',
    edited(visitLine, `${visitLine}        since: 2026-02-30T00:00:00Z\n`),
    [`WrongValue ${types}.Visit.since`],
  ],
  [
    'a removal that does not exist',
    edited(visitLine, `${visitLine}        whenVoided: delete\n`),
    [`WrongValue ${types}.Visit.whenVoided`],
  ],
  [
    '"since" in the future',
    edited(visitLine, `${visitLine}        since: 2999-01-01T00:00:00Z\n`),
    [`FutureSince ${types}.Visit.since`],
    /passed over/,
  ],
  ...['$now()', '$millis()', '$random()', '$shuffle(x)'].map((call): (typeof refused)[number] => [
    `${call} in a mapping`,
    edited('"resourceType": "Encounter",', `"resourceType": "Encounter", "language": ${call},`),
    [`NotRepeatable ${types}.Visit.map.visit`],
    /written again/,
  ]),
  ['$now in "when"', edited(visitLine, `${visitLine}        when: At < $now()\n`), [`NotRepeatable ${types}.Visit.when`]],
  [
    '$millis in a key',
    edited('resource: Patient }', 'resource: Patient, key: { value: $string($millis()) } }'),
    [`NotRepeatable ${types}.Person.to.key.value`],
  ],
  [
    'a password in the file',
    edited('auth: { userName: me }', 'auth: { username: me, password: hunter2 }'),
    ['LiteralSecret systems.avni.auth.password'],
    /^(?!.*hunter2).*from the environment/,
  ],
  [
    'a token in the file',
    edited('url: "${FHIR_URL}" }', 'url: "${FHIR_URL}", auth: { token: "$TOKEN" } }'),
    ['LiteralSecret systems.emr.auth.token'],
  ],
  ['a URL with a query', edited('"${FHIR_URL}"', '"${FHIR_URL}?a=b"'), ['InvalidUrl systems.emr.url'], /query or a fragment/],
  ['a URL with a fragment', edited('"${FHIR_URL}"', '"${FHIR_URL}#b"'), ['InvalidUrl systems.emr.url']],
  [
    'a regular expression that can hang',
    edited('"resourceType": "Encounter",', '"resourceType": "Encounter", "language": $match(x, /a(?=b)/),'),
    [`BadExpression ${types}.Visit.map.visit`],
    /RE2, which cannot hang: invalid or unsupported Perl syntax: `\(\?=`/,
  ],
  ['an unknown connector', edited('connector: fhir', 'connector: fihr'), ['UnknownConnector systems.emr.connector'], /Did you mean "fhir"/],
  [
    'a connector called as an object’s own method',
    edited('connector: fhir', 'connector: toString'),
    ['UnknownConnector systems.emr.connector'],
  ],
  ['an unknown system', edited('to: { system: emr, resource', 'to: { system: emrr, resource'), [`UnknownSystem ${types}.Person.to.system`]],
  [
    'reading from what cannot be read',
    edited('from: { system: avni, encounter: Visit }', 'from: { system: emr }'),
    [`ParentElsewhere ${types}.Visit.dependsOn.Person`, `NotASource ${types}.Visit.from.system`],
  ],
  [
    'writing to what cannot be written',
    edited('to: { system: emr, resource: Patient }', 'to: { system: avni }'),
    [`NotADestination ${types}.Person.to.system`, `ParentElsewhere ${types}.Visit.dependsOn.Person`],
  ],
  ['two kinds of source', edited('subject: Person', 'subject: Person, encounter: Visit'), [`WrongValue ${types}.Person.from`]],
  [
    'a circle',
    edited(
      '        from: { system: avni, subject: Person }',
      '        dependsOn: { Visit: ID }\n        from: { system: avni, subject: Person }',
    ),
    [`DependencyCycle ${types}.Person.dependsOn`],
    /Person → Visit → Person/,
  ],
  [
    'a parent of itself',
    edited(
      '        from: { system: avni, subject: Person }',
      '        dependsOn: { Person: ID }\n        from: { system: avni, subject: Person }',
    ),
    [`DependencyCycle ${types}.Person.dependsOn`],
    /Person → Person/,
  ],
  [
    'an unknown parent',
    edited('dependsOn: { Person:', 'dependsOn: { Persn:'),
    [`UnknownParent ${types}.Visit.dependsOn.Persn`, `UnknownParent ${types}.Visit.map.visit`],
    /Did you mean "Person"/,
  ],
  [
    'a parent in another process',
    edited(visitLine, `  two:\n    entityTypes:\n${visitLine}`),
    ['ParentElsewhere processes.two.entityTypes.Visit.dependsOn.Person'],
  ],
  [
    'one name in two processes',
    `${small}  two:\n    entityTypes:\n      Person: { from: { system: avni, subject: P }, to: { system: emr, resource: Patient }, map: ID }\n`,
    ['DuplicateName processes.two.entityTypes.Person'],
  ],
  [
    'an earlier name that another has',
    edited(visitLine, `${visitLine}        formerly: [Call, Person]\n`),
    [`DuplicateName ${types}.Visit.formerly`],
  ],
  [
    'an expression that is cut',
    edited('"subject": $parent("Person") }', '"subject": $parent("Person'),
    [`BadExpression ${types}.Visit.map.visit`],
  ],
  ['an expression of nothing', edited('`Subject ID`', ''), [`WrongValue ${types}.Visit.dependsOn.Person`]],
  ['"when" that does not compile', edited(visitLine, `${visitLine}        when: "a = = b"\n`), [`BadExpression ${types}.Visit.when`]],
  [
    'a code table that is not there',
    edited('"resourceType": "Patient"', '"gender": $code("gendr", g)').replace(
      'processes:',
      'codes: { gender: { F: female } }\nprocesses:',
    ),
    [`UnknownCodeTable ${types}.Person.map`],
    /Did you mean "gender"/,
  ],
  ['a parent that is not depended on', edited('$parent("Person")', '$parent("Persn")'), [`UnknownParent ${types}.Visit.map.visit`]],
  [
    'a parent’s resource that is not there',
    edited('$parent("Person")', '$parent("Person", "mian")'),
    [`UnknownResource ${types}.Visit.map.visit`],
    /Did you mean "main"/,
  ],
  ['a resource that is not there', edited('$ref("visit")', '$ref("vist")'), [`UnknownResource ${types}.Visit.map.weight`]],
  [
    'a reference in "when"',
    edited(visitLine, `${visitLine}        when: $exists($parent("Person"))\n`),
    [`HelperMisplaced ${types}.Visit.when`],
  ],
  [
    'a function that is not there',
    edited('$ref("visit")', '$reff("visit")'),
    [`UnknownFunction ${types}.Visit.map.weight`],
    /Did you mean "ref"/,
  ],
  [
    'a key for no resource',
    edited('resources: [Encounter, Observation]', 'resources: [Encounter], key: { vsit: { value: ID } }'),
    [`UnknownResource ${types}.Visit.to.key.vsit`],
  ],
  [
    'one key for several resources',
    edited('resources: [Encounter, Observation]', 'resources: [Encounter], key: { value: ID }'),
    [`KeyNeedsName ${types}.Visit.to.key`],
  ],
  [
    'taking over without a key',
    edited('resource: Patient', 'resource: Patient, adopt: true'),
    [`AdoptWithoutKey ${types}.Person.to.adopt`],
  ],
  ['a URL that is none', edited('"${FHIR_URL}"', 'ftp://x'), ['InvalidUrl systems.emr.url']],
  ['a URL with a password in it', edited('"${FHIR_URL}"', 'https://me:hidden@x.org'), ['InvalidUrl systems.emr.url']],
  ['a variable that is not closed', edited('"${FHIR_URL}"', '"${FHIR_URL"'), ['BadVariable systems.emr.url']],
  ['a link without id', linked('https://emr.example.org/patients'), ['InvalidLink systems.emr.link'], /no \{id\}/],
  ['a link with another placeholder', linked('https://emr.example.org/{type}/{id}'), ['InvalidLink systems.emr.link'], /placeholder/],
  ['a link that is no address', linked('emr/{id}'), ['InvalidLink systems.emr.link'], /http or https/],
  ['a link with a password', linked('https://me:hidden@emr.example.org/{id}'), ['InvalidLink systems.emr.link'], /password/],
  ['a list for a code', edited('processes:', 'codes: { yes: { Yes: [Y] } }\nprocesses:'), ['WrongType codes.yes.Yes']],
];

describe('a definition is refused', () => {
  it.each(refused)('for %s', async (_name, text, found, says = /./) => {
    const result = await check(text);
    expect(result.found).toEqual(found);
    expect(result.definition).toBeUndefined();
    expect(result.problems.map(({ message }) => message).join('\n')).toMatch(says);
  });

  it('for everything at once, with places', async () => {
    const text = `integration: small
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${NO_SUCH}" }
process: {}
processes:
  one:
    evry: 5 minutes
    entityTypes:
      Person:
        from: { system: avni, subject: 5 }
        to: { system: emr, resource: Pateint }
        map: |
          { "resourceType": "Patient",
            "active": true,,
            "name": 1 }
`;
    const { problems } = await check(text);
    expect(problems.map(({ code, line, column, path }) => `${line}:${column} ${code} ${path}`)).toEqual([
      '4:32 MissingVariable systems.emr.url',
      '5:1 UnknownKey process',
      '8:5 UnknownKey processes.one.evry',
      '11:40 WrongType processes.one.entityTypes.Person.from.subject',
      '12:38 WrongValue processes.one.entityTypes.Person.to.resource',
      '15:28 BadExpression processes.one.entityTypes.Person.map',
    ]);
    expect(problems.map(({ allowed }) => allowed)[4]).toBe('Patient, EpisodeOfCare, Encounter, Observation');
  });
});

describe('variables', () => {
  it('are named when they are missing, each by its own code', async () => {
    const { found, problems } = await check(small, { AVNI_URL: '', FHIR_ULR: 'x' });
    expect(found).toEqual(['MissingVariable systems.avni.url', 'MissingVariable systems.emr.url']);
    expect(problems.map(({ message }) => message)).toEqual([
      'The variable AVNI_URL is set, but empty.',
      'The variable FHIR_URL is not set in the environment.',
    ]);
  });

  it('never show what they stand for', async () => {
    const bad = { ...env, AVNI_URL: 'https://user:pa55word-of-the-test@h', FHIR_URL: 'token-of-the-test' };
    const { problems, found } = await check(small, bad);
    expect(found).toEqual(['InvalidUrl systems.avni.url', 'InvalidUrl systems.emr.url']);
    expect(JSON.stringify(problems)).not.toMatch(/pa55word|token-of/);
  });
});
