import { describe, expect, it } from '@jest/globals';
import { check, edited, small } from './support.js';

async function entityType(text: string, name: string) {
  const { definition, problems } = await check(text);
  expect(problems).toEqual([]);
  return definition?.processes['one']?.entityTypes.find((each) => each.name === name);
}

describe('a definition, read', () => {
  it('has the defaults of the design', async () => {
    const { definition } = await check(small);
    expect(definition?.systems['avni']).toMatchObject({ margin: 10_000, overlap: 1_000, pageSize: 200, connector: 'avni' });
    expect(definition?.processes['one']?.entityTypes).toMatchObject([
      {
        name: 'Person',
        formerly: [],
        cadence: { every: 300_000 },
        whenVoided: 'mark',
        whenNoLonger: 'mark',
        map: { main: '{ "resourceType": "Patient" }' },
        concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
        from: { system: 'avni', settings: { subject: 'Person' } },
        to: { adopt: false, keys: {} },
      },
      { name: 'Visit', whenVoided: 'remove', whenNoLonger: 'remove', dependsOn: { Person: '`Subject ID`' } },
    ]);
  });

  it('takes settings of the engine away from what the connector is given', async () => {
    const text = edited(
      'auth: { userName: me } }',
      'auth: { userName: me }, tenant: t, link: "https://a.org/{entityType}/{id}", margin: 30 s, overlap: 0 s, pageSize: 50 }',
    );
    const { definition } = await check(text);
    expect(definition?.systems['avni']).toEqual({
      name: 'avni',
      connector: 'avni',
      tenant: 't',
      link: 'https://a.org/{entityType}/{id}',
      margin: 30_000,
      clockBound: 5_000,
      overlap: 0,
      pageSize: 50,
      settings: { url: 'https://avni.example.org', auth: { userName: 'me' } },
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string,
    });
  });

  it.each([
    ['every: 90 s', { every: 90_000 }],
    ['every: 1.5 hours', { every: 5_400_000 }],
    ['every: 250 ms', { every: 250 }],
    ['every: 5m', { every: 300_000 }],
    ['at: "01:30 Asia/Kolkata"', { at: '01:30', zone: 'Asia/Kolkata' }],
  ])('understands %s, for the process and for one entity type', async (text, cadence) => {
    expect((await entityType(edited('every: 5 minutes', text), 'Person'))?.cadence).toEqual(cadence);
    expect((await entityType(edited('      Visit:\n', `      Visit:\n        ${text}\n`), 'Visit'))?.cadence).toEqual(cadence);
  });

  it('turns "since" into an instant in UTC', async () => {
    const text = edited('      Visit:\n', '      Visit:\n        since: 2026-01-01T00:00:00+05:30\n');
    expect((await entityType(text, 'Visit'))?.since).toBe('2025-12-31T18:30:00.000Z');
  });

  it('takes earlier names singly or as a list, and keys by resource', async () => {
    const text = edited('      Visit:\n', '      Visit:\n        formerly: Meeting\n').replace(
      'resources: [Encounter, Observation]',
      'resources: [Encounter, Observation], adopt: true, key: { visit: { system: "urn:x", value: ID } }',
    );
    expect(await entityType(text, 'Visit')).toMatchObject({
      formerly: ['Meeting'],
      to: { adopt: true, keys: { visit: { system: 'urn:x', value: 'ID' } }, settings: { resources: ['Encounter', 'Observation'] } },
    });
  });

  it('puts entity types in order: one direction first, parents before children, else as in the file', async () => {
    const back = '      Back:\n        from: { system: desk, type: A }\n        to: { system: till, type: B }\n        map: ID\n';
    const lines = small.split('\n');
    const person = lines.slice(8, 12).join('\n');
    const visit = lines.slice(12, -1).join('\n');
    const text = [
      lines.slice(0, 4).join('\n'),
      '  desk: { connector: both, url: "https://desk.example.org" }\n  till: { connector: both, url: "https://till.example.org" }',
      lines.slice(4, 8).join('\n'),
      visit,
      `${back}${person}`,
      '',
    ].join('\n');
    const { definition, problems } = await check(text);
    expect(problems).toEqual([]);
    expect(definition?.processes['one']?.entityTypes.map(({ name }) => name)).toEqual(['Person', 'Visit', 'Back']);
  });
});
