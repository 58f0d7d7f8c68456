import { getOwn } from '../../model/keyed.js';
import type { BrokenRecord } from './broken-record.js';
import type { DemoSystems } from './demo-systems.js';
import { post } from './post.js';

interface AvniRecord {
  ID: string;
  kind: string;
  voided: boolean;
  stamp: number;
  body: Record<string, unknown>;
}

/** Three ways to fail: in the mapping, at the source, at the destination. */
const WAYS: readonly { what: string; concept: string; value: string }[] = [
  { what: 'a gender that is in no code table', concept: 'Gender', value: 'Not recorded' },
  { what: 'a date that is none, on which Avni itself fails', concept: 'Last check date', value: '31/02/2026' },
  { what: 'a birth in the future, which the FHIR server refuses', concept: 'Date of birth', value: '2090-01-01' },
];

/**
 * Breaks the three beneficiaries on whom most records depend, each in another way and before
 * anything was read; fewer where there are not as many. The records seem to have been so all the
 * time.
 */
export async function breakRecords({ avni, fhir }: DemoSystems): Promise<BrokenRecord[]> {
  await post(`${fhir}/simulator/behaviour`, { rules: true });
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as AvniRecord[];
  const chosen = withMostChildren(records).slice(0, WAYS.length);
  const broken: BrokenRecord[] = [];
  for (const [index, { ID, stamp, body }] of chosen.entries()) {
    const way = WAYS[index];
    if (!way) break;
    const before = getOwn(body['observations'] as Record<string, unknown>, way.concept) ?? null;
    const set = (value: unknown, more: object = {}): Promise<void> =>
      post(`${avni}/simulator/records/${ID}`, { observations: { [way.concept]: value }, ...more });
    await set(way.value, { stamp: new Date(stamp).toISOString() });
    broken.push({ owner: 'Avni', what: way.what, mend: () => set(before) });
  }
  return broken;
}

function withMostChildren(records: AvniRecord[]): AvniRecord[] {
  const children = new Map<unknown, number>();
  for (const { voided, body } of records)
    if (!voided && body['Encounter date time'] !== null) children.set(body['Subject ID'], (children.get(body['Subject ID']) ?? 0) + 1);
  return records
    .filter(({ kind, voided }) => kind === 'subject' && !voided)
    .sort((a, b) => (children.get(b.ID) ?? 0) - (children.get(a.ID) ?? 0));
}
