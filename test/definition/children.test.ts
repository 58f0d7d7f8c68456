import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import type { ConnectorType } from '../../src/connectors/connector.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { fakeConnectorTypes } from '../support/fake-connector-types.js';
import { check, edited, env, small } from './support.js';

const found = async (text: string, avni: Partial<ConnectorType>) => {
  const types = { ...fakeConnectorTypes, avni: { ...(fakeConnectorTypes['avni'] as ConnectorType), ...avni } };
  return (await readDefinition('x.yaml', text, types, env)).problems.map(({ code, path }) => `${code} ${path}`);
};
const person = 'processes.one.entityTypes.Person';

describe('types that others depend on', () => {
  it('may be removed, held for and filtered where their source lists children', async () => {
    const text = edited(
      '      Person:\n',
      '      Person:\n        when: ID\n        whenVoided: remove\n        whenNoLonger: remove\n',
    ).replace('      Visit:\n', '      Visit:\n        whenParentMissing: hold\n        concepts: { unmapped: hold }\n');
    const { definition, problems } = await check(text);
    expect(problems).toEqual([]);
    expect(definition?.processes['one']?.entityTypes).toMatchObject([
      { whenVoided: 'remove', whenNoLonger: 'remove', whenParentMissing: 'bring' },
      { whenParentMissing: 'hold', concepts: { unmapped: 'hold' } },
    ]);
  });

  it('are refused where their source lists none, but for those that stay or are marked whatever happens', async () => {
    const none = { listsChildren: () => false };
    const withPerson = (...lines: string[]): string =>
      edited('      Person:\n', ['      Person:', ...lines.map((each) => `        ${each}`), ''].join('\n'));
    const refused: [string[], string[]][] = [
      [[], []],
      [['whenVoided: keep'], []],
      [['whenVoided: mark'], []],
      [['whenVoided: remove'], ['.whenVoided']],
      // Nothing can end its belonging: what would become of it is not asked for.
      [['whenNoLonger: remove'], []],
      [['when: ID', 'whenNoLonger: keep'], ['.when']],
      [['when: ID'], ['', '.when']],
    ];
    for (const [lines, problems] of refused)
      expect([lines, await found(withPerson(...lines), none)]).toEqual([
        lines,
        problems.map((each) => `ChildrenNotListed ${person}${each}`),
      ]);
    const keyed = (policy: string): string =>
      withPerson(`whenKeyMissing: ${policy}`, 'whenNoLonger: keep').replace(
        'resource: Patient }',
        'resource: Patient, key: { value: ID } }',
      );
    expect(await found(keyed('filter'), none)).toEqual([`ChildrenNotListed ${person}.whenKeyMissing`]);
    expect(await found(keyed('fail'), none)).toEqual([]);
  });

  it('that are parents of parents, as a household of women, need no word where their source cannot list them', async () => {
    const household = `      Household:
        from: { system: avni, subject: Household }
        to: { system: emr, resource: Group }
        map: '{ "resourceType": "Group", "type": "person", "actual": true }'
`;
    const text = small.replace('      Person:\n', `${household}      Person:\n        dependsOn: { Household: "household" }\n`);
    const { problems, definition } = await readDefinition('x.yaml', text, connectorTypes, env);
    expect(problems).toEqual([]);
    expect(definition?.processes['one']?.entityTypes[0]).toMatchObject({ name: 'Household', whenVoided: 'mark' });
  });

  it('are refused for the children alone that their source cannot list, as Avni cannot list subjects of a subject', async () => {
    const child = edited('      Person:\n', '      Person:\n        whenVoided: remove\n').replace('encounter: Visit', 'subject: Member');
    const { problems } = await readDefinition('x.yaml', child, connectorTypes, env);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'ChildrenNotListed',
        'Person records that go (whenVoided) must not leave their Visit records behind; but this source cannot list a record’s Visit records.',
      ],
    ]);
    expect((await readDefinition('x.yaml', small, connectorTypes, env)).problems).toEqual([]);
  });
});
