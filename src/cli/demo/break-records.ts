import type { DemoSystems } from './demo-systems.js';
import { getOwn } from '../../model/keyed.js';

/** A record that the demo breaks, and how it is mended. */
export interface BrokenRecord {
  id: string;
  /** What is wrong with it, in words. */
  what: string;
  /** Observations as they were; null for one that was not there. */
  mended: Record<string, unknown>;
}

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
    await post(`${avni}/simulator/records/${ID}`, { observations: { [way.concept]: way.value }, stamp: new Date(stamp).toISOString() });
    broken.push({ id: ID, what: way.what, mended: { [way.concept]: before } });
  }
  return broken;
}

/** As a health worker does it: the change is stamped now. */
export async function mendRecords({ avni }: DemoSystems, broken: BrokenRecord[]): Promise<void> {
  for (const { id, mended } of broken) await post(`${avni}/simulator/records/${id}`, { observations: mended });
}

function withMostChildren(records: AvniRecord[]): AvniRecord[] {
  const children = new Map<unknown, number>();
  for (const { voided, body } of records)
    if (!voided && body['Encounter date time'] !== null) children.set(body['Subject ID'], (children.get(body['Subject ID']) ?? 0) + 1);
  return records
    .filter(({ kind, voided }) => kind === 'subject' && !voided)
    .sort((a, b) => (children.get(b.ID) ?? 0) - (children.get(a.ID) ?? 0));
}

async function post(url: string, body: object): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!ok) throw new Error(`A simulator answered ${status} to a change`);
}
