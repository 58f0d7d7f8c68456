import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { avni } from '../../../../src/connectors/avni/index.js';
import { written } from '../../../../src/connectors/avni/write-fields.js';
import { destinationWorld, PERSON, withObservations, without } from './world.js';

const page = readFileSync(new URL('../../../../docs/avni-destination.md', import.meta.url), 'utf8');

describe('docs/avni-destination.md', () => {
  it('has settings that are valid', () => {
    const lines = [...page.matchAll(/^to: .*$/gm)].map(([line]) => (parse(line) as { to: object }).to);
    expect(lines.length).toBeGreaterThan(2);
    for (const { system: _system, key: _key, adopt: _adopt, ...settings } of lines as Record<string, unknown>[])
      expect(avni.destinationSettings?.safeParse(settings).success).toBe(true);
  });

  it('names every field that is written', () => {
    for (const [kind, { fields, groups }] of Object.entries(written)) {
      const row = page
        .split('\n')
        .filter((line) => line.startsWith(`| \`${kind}\``))
        .join('');
      const others = kind === 'programEncounter' ? page : row;
      expect(row).not.toBe('');
      for (const name of [...Object.keys(fields), ...groups.filter((each) => each !== 'observations')])
        expect(others).toContain(`\`${name}\``);
    }
  });

  it.each([
    ['Sample taken', '2026-11-20T09:30:00+05:30'],
    ['Last check date', '2026-11-20'],
    ['Feeding time', '09:30'],
    ['Duration of illness', 'P2M'],
    ['Duration of illness', 'P1Y6M'],
    ['Mobile', '+919000000001'],
    ['Languages spoken', ['Kannada', 'Hindi']],
    ['Household', [{ 'Number of members': 3 }, { 'Number of members': 4 }]],
  ])('says rightly how %s is given: %j', async (name, value) => {
    if (typeof value === 'string' && !value.includes('T')) expect(page).toContain(value);
    const { to } = await destinationWorld();
    expect((await to({ subject: 'Beneficiary' }).one('p', withObservations(PERSON, { [name]: value }))).kind).toBe('created');
  });

  it('says rightly what addresses look like', async () => {
    expect(page).toContain('"Karnataka, Mysuru, Hosahalli"');
    const { to } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    const map = { State: 'Karnataka', District: 'Mysuru', Village: 'Hosahalli' };
    expect((await one('p', { ...without(PERSON, 'Address'), Address: 'Karnataka, Mysuru, Hosahalli' })).kind).toBe('created');
    expect((await one('p', { ...without(PERSON, 'Address'), 'Address map': map })).kind).toBe('unchanged');
  });
});
