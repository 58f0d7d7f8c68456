import type { DemoSystems } from './run-demo.js';

interface AvniDump {
  ID: string;
  kind: 'subject' | 'enrolment' | 'programEncounter' | 'encounter';
  voided: boolean;
  body: Record<string, unknown>;
}

interface FhirDump {
  resourceType: string;
  active?: boolean;
  status?: string;
  name?: { given?: string[] }[];
  meta?: { tag?: { system?: string; code?: string }[] };
}

const TYPES = {
  subject: ['Beneficiary', 'Patient'],
  enrolment: ['Enrolment', 'EpisodeOfCare'],
  programEncounter: ['Growth', 'Encounter'],
  encounter: ['HealthCheck', 'Encounter'],
} as const;

/** How many records are not as they should be, told from both systems’ own dumps and nothing of the engine. */
export async function countDifferences({ avni, fhir }: DemoSystems): Promise<number> {
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as AvniDump[];
  const resources = (await (await fetch(`${fhir}/simulator/resources`)).json()) as FhirDump[];
  const byTag = new Map<string, FhirDump[]>();
  for (const resource of resources)
    for (const { code } of resource.meta?.tag ?? []) if (code !== undefined) byTag.set(code, [...(byTag.get(code) ?? []), resource]);
  const byId = new Map(records.map((record) => [record.ID, record]));
  return records.filter((record) => !isRight(record, byTag, byId)).length;
}

function isRight(record: AvniDump, byTag: Map<string, FhirDump[]>, byId: Map<string, AvniDump>): boolean {
  const [entityType, type] = TYPES[record.kind];
  const written = (byTag.get(`clinic/maternal-health/${entityType}/${record.ID}`) ?? []).filter(
    (each) => each.active !== false && each.status !== 'entered-in-error',
  );
  const main = written.filter(({ resourceType }) => resourceType === type);
  if (!isWanted(record, byId)) return written.length === 0;
  if (main.length !== 1) return false;
  const observations = record.body['observations'] as Record<string, unknown>;
  return record.kind !== 'subject' || main[0]?.name?.[0]?.given?.[0] === observations['First name'];
}

/** A record counts where it, and all it belongs to, is neither voided nor merely planned. */
function isWanted({ voided, kind, body }: AvniDump, byId: Map<string, AvniDump>): boolean {
  if (voided) return false;
  if ((kind === 'programEncounter' || kind === 'encounter') && (body['Encounter date time'] === null || body['Cancel date time'] !== null))
    return false;
  return ['Subject ID', 'Enrolment ID'].every((name) => {
    const parent = byId.get(String(body[name]));
    return body[name] === undefined || (parent !== undefined && isWanted(parent, byId));
  });
}
