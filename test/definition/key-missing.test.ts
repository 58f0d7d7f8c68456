import { describe, expect, it } from '@jest/globals';
import { readDefinition } from '../../src/definition/read-definition.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { edited, env } from './support.js';

const person = 'processes.one.entityTypes.Person.whenKeyMissing';
const patient = 'to: { system: emr, resource: Patient';
const withKey = (policy: string): string => edited(patient, `whenKeyMissing: ${policy}\n        ${patient}, key: { value: health }`);
const check = async (text: string) => {
  const { definition, problems } = await readDefinition('x.yaml', text, connectorTypes, env);
  return { definition, found: problems.map(({ code, path }) => `${code} ${path}`) };
};

describe('whenKeyMissing', () => {
  it.each(['derive', 'filter', 'fail'])('may be %s where there is a key', async (policy) => {
    const { definition, found } = await check(withKey(policy));
    expect(found).toEqual([]);
    expect(definition?.processes['one']?.entityTypes[0]).toMatchObject({ whenKeyMissing: policy });
  });

  it('is refused where it says nothing, or cannot be kept', async () => {
    expect((await check(edited(patient, `whenKeyMissing: derive\n        ${patient}`))).found).toEqual([`WithoutKey ${person}`]);
    expect((await check(withKey('guess'))).found).toEqual([`WrongValue ${person}`]);
    const toAvni = `integration: back
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${FHIR_URL}" }
processes:
  one:
    entityTypes:
      Person:
        from: { system: emr, resource: Patient }
        to: { system: avni, subject: Person, key: { value: mrn } }
        whenKeyMissing: derive
        map: '{ "First name": name[0].given[0] }'
`;
    expect((await check(toAvni)).found).toEqual([`CannotDerive ${person}`]);
    expect((await check(toAvni.replace('derive', 'filter'))).found).toEqual([]);
  });
});
