import { resourceId } from '../../connectors/derived-id.js';
import { Random } from '../../simulators/avni/random.js';
import { labReport, referral, registration } from '../../simulators/fhir/hospital-desk.js';
import type { Resource } from '../../simulators/fhir/resource.js';
import type { AvniRecord } from './compare/avni-record.js';
import type { BrokenRecord } from './broken-record.js';
import { PROCESS } from './compare/hospital-types.js';
import type { DemoSystems } from './demo-systems.js';
import { post } from './post.js';
import { wrongEntries } from './wrong-entries.js';

/** Of all records of the demo, how many of each kind the hospital makes. */
const SHARES = { registrations: 0.04, reports: 0.12, referrals: 0.04 };
const MONTHS = 180 * 24 * 3600 * 1000;
/** Resources in one request. */
const AT_ONCE = 500;

/**
 * Has the hospital work on those whom the field registered: reports and referrals of patients who
 * are in the EMR once Sangam has brought them, and people whom it registers itself. All of it seems
 * to have been there all the time. @returns what was entered wrong
 */
export async function fillEmr({ avni, fhir }: DemoSystems, records: number): Promise<BrokenRecord[]> {
  const all = (await (await fetch(`${avni}/simulator/records`)).json()) as AvniRecord[];
  const living = all.filter(({ kind, voided }) => kind === 'subject' && !voided).map(({ ID }) => ID);
  const random = new Random(records);
  const now = Date.now() - 60_000;
  const stamped = (each: Resource): Resource => ({
    ...each,
    meta: { ...each.meta, lastUpdated: new Date(now - Math.floor(random.next() * MONTHS)).toISOString() },
  });
  const someone = (): string => patientOf(living[random.between(0, living.length - 1)] ?? '');
  const wrong = wrongEntries(someone());
  const resources = [
    ...wrong.flatMap((each) => each.wrong),
    ...times(records * SHARES.registrations, (n) => registration(`MRN-${n}`, `Hospital${n}`)),
    ...times(records * SHARES.reports, (n) => labReport(`report-${n}`, someone(), random.between(70, 150) / 10)).flat(),
    ...times(records * SHARES.referrals, (n) => referral(`referral-${n}`, someone())),
  ].map(stamped);
  for (let from = 0; from < resources.length; from += AT_ONCE)
    await post(`${fhir}/simulator/resources`, resources.slice(from, from + AT_ONCE));
  return wrong.map(({ what, right }) => ({ owner: 'the EMR', what, mend: () => post(`${fhir}/simulator/resources`, right) }));
}

/** The Patient that Sangam writes of a beneficiary: its id is derived, and so known before. */
function patientOf(subject: string): string {
  const [integration = ''] = PROCESS.split('/');
  return `Patient/${resourceId(integration, 'Beneficiary', [], subject, 'main')}`;
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: Math.max(1, Math.floor(count)) }, (_, n) => make(n + 1));
}
