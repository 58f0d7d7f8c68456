import { describe, expect, it } from '@jest/globals';
import { generateOrganisation, personalValues } from '../../src/simulators/avni/generate.js';
import type { StoredRecord } from '../../src/simulators/avni/organisation.js';

const before = Date.UTC(2026, 0, 1);
const observations = ({ body }: StoredRecord): Record<string, unknown> => body['observations'] as Record<string, unknown>;

describe('a generated organisation', () => {
  const all = generateOrganisation({ seed: 3, records: 10_000, before }).all();
  const subjects = all.filter(({ kind }) => kind === 'subject');
  const visits = all.filter(({ body }) => 'Encounter type' in body);
  const some: [string, StoredRecord[], (record: StoredRecord) => boolean][] = [
    ['Devanagari names', subjects, (each) => /[\u0900-\u097f]/.test(String(observations(each)['First name']))],
    ['groups inside groups', subjects, (each) => typeof (observations(each)['Household'] as { Toilet?: object }).Toilet === 'object'],
    ['several answers at once', subjects, (each) => (observations(each)['Languages spoken'] as string[]).length > 1],
    ['people without a phone', subjects, (each) => observations(each)['Phone number'] === undefined],
    ['people without an External ID', subjects, ({ body }) => body['External ID'] === null],
    ['voided records', all, ({ voided }) => voided],
    ['planned visits', visits, ({ body }) => body['Encounter date time'] === null && body['Cancel date time'] === null],
    ['cancelled visits', visits, ({ body }) => body['Cancel date time'] !== null],
    ['completed visits', visits, ({ body }) => body['Encounter date time'] !== null],
  ];

  it.each(some)('has %s, and others', (_name, records, is) => {
    const count = records.filter(is).length;
    expect([count > 0, count < records.length]).toEqual([true, true]);
  });

  it('has one millisecond with 1,500 subjects, and fewer in a small one', () => {
    const largest = (records: StoredRecord[]): number => {
      const counts = new Map<number, number>();
      for (const { stamp } of records) counts.set(stamp, (counts.get(stamp) ?? 0) + 1);
      return Math.max(...counts.values());
    };
    expect(largest(subjects)).toBe(1500);
    expect(largest(generateOrganisation({ seed: 3, records: 100, before }).all())).toBe(15);
  });

  it('belongs together, ends before its time, and is the same for the same seed', () => {
    const ids = new Set(all.map(({ id }) => id));
    const parents = all.flatMap(({ body }) => [body['Subject ID'], body['Enrolment ID']]).filter((id) => id !== undefined);
    expect(parents.filter((id) => !ids.has(String(id)))).toEqual([]);
    expect(all.filter(({ stamp }) => stamp >= before)).toEqual([]);
    const [one, same] = [1, 2].map(() => generateOrganisation({ seed: 5, records: 300, before }).all());
    expect(one).toEqual(same);
    expect(generateOrganisation({ seed: 4, records: 100, before }).all()[0]?.id).not.toBe(all[0]?.id);
  });

  it('names all that is personal', () => {
    const organisation = generateOrganisation({ seed: 3, records: 500, before });
    const text = JSON.stringify(organisation.all());
    const values = personalValues(organisation);
    expect(values.filter((value) => !text.includes(value))).toEqual([]);
    const household = observations(organisation.all()[0] as StoredRecord)['Household'] as Record<string, unknown>;
    expect(values).toContain(household['Head of household']);
  });
});
