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
const keep = edited('      Person:\n', '      Person:\n        whenVoided: keep\n        whenNoLonger: keep\n');

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

  it('are refused where their source lists none, but for those that stay whatever happens', async () => {
    expect(await found(small, { listsChildren: () => false })).toEqual([`ChildrenNotListed ${person}`]);
    expect(
      await found(edited('      Person:\n', '      Person:\n        when: ID\n        whenVoided: keep\n'), { listsChildren: () => false }),
    ).toEqual([`ChildrenNotListed ${person}`, `ChildrenNotListed ${person}.when`]);
    expect(await found(keep, { listsChildren: () => false })).toEqual([]);
    const filtered = keep.replace('        whenVoided: keep\n', '        whenVoided: keep\n        when: ID\n');
    expect(await found(filtered, { listsChildren: () => false })).toEqual([`ChildrenNotListed ${person}.when`]);
    expect(await found(keep.replace('whenVoided: keep', 'whenVoided: mark'), { listsChildren: () => false })).toEqual([
      `ChildrenNotListed ${person}.whenVoided`,
    ]);
  });

  it('are refused for the children alone that their source cannot list, as Avni cannot list subjects of a subject', async () => {
    const child = small.replace('encounter: Visit', 'subject: Member');
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
