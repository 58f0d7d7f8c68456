import { describe, expect, it } from '@jest/globals';
import { check } from './support.js';

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
    ['two names of one address', 'type: Visit', 'c, type: Visit'],
  ])('refuses what is written and read: %s', async (_name, there, back) => {
    const { found, problems } = await check(bothWays(there, back));
    expect(found).toEqual(['TwoOwners processes.one.entityTypes.Back.from']);
    expect(problems[0]?.message).toMatch(/Visit.* records of b are written by There and read by Back\. A kind of record has one owner/);
    expect(problems[0]?.allowed).toMatch(/tell their records apart/);
  });

  it.each([
    ['of other types', 'type: Visit', 'b, type: Call'],
    ['told apart by tag', 'type: Visit, tag: x', 'b, type: Visit, tag: y'],
  ])('lets both directions be where records are %s', async (_name, there, back) => {
    expect((await check(bothWays(there, back))).found).toEqual([]);
  });
});
