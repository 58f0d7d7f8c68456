import { fileURLToPath } from 'node:url';
import { connectorTypes } from '../../src/connectors/all.js';
import { resourceId } from '../../src/connectors/fhir/identity.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { silent } from '../../src/log.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import type { FhirRepository } from '../../src/simulators/fhir/repository.js';

export const CLINIC = fileURLToPath(new URL('../../integrations', import.meta.url));

export function clinicEnv(avni: string, fhir: string): Record<string, string> {
  return {
    AVNI_URL: avni,
    AVNI_USERNAME: 'integrator',
    AVNI_PASSWORD: 'secret-of-avni',
    FHIR_URL: `${fhir}/fhir`,
    FHIR_TOKEN: 'secret-of-fhir',
  };
}

/** The ready definition, connected to these simulators. */
export async function clinic(avni: string, fhir: string): Promise<ActiveProcess> {
  const store = new IntegrationStore({ path: CLINIC, connectorTypes, env: clinicEnv(avni, fhir), log: silent });
  const found = await store.find('clinic/maternal-health');
  if ('missing' in found) throw new Error(found.message);
  return found.active;
}

const ENTITY_TYPES = { subject: 'Beneficiary', enrolment: 'Enrolment', programEncounter: 'Growth', encounter: 'HealthCheck' } as const;
const MAIN = { subject: 'Patient', enrolment: 'EpisodeOfCare', programEncounter: 'Encounter', encounter: 'Encounter' } as const;

/** What should be in the destination and is not, and what should not and is, record by record: worked out apart from the engine. */
export function differences(organisation: AvniOrganisation, repository: FhirRepository, resourceNames: Record<string, string>): string[] {
  const wrong: string[] = [];
  const expected = new Set<string>();
  for (const record of organisation.all()) {
    const entityType = ENTITY_TYPES[record.kind];
    const reference = `${MAIN[record.kind]}/${resourceId('clinic', entityType, [], record.id, resourceNames[entityType] ?? 'main')}`;
    const [type = '', id = ''] = reference.split('/');
    const stored = repository.get(type, id);
    const shouldBe = isWanted(record.id, organisation);
    if (shouldBe) expected.add(reference);
    const valid = stored !== undefined && stored['active'] !== false && stored['status'] !== 'entered-in-error';
    if (shouldBe !== valid) wrong.push(`${entityType} ${record.id} should ${shouldBe ? '' : 'not '}be there`);
    const observations = (record.body['observations'] ?? {}) as Record<string, unknown>;
    if (record.kind === 'subject' && valid) {
      const [name] = stored['name'] as { given?: string[] }[];
      if (name?.given?.[0] !== observations['First name']) wrong.push(`${entityType} ${record.id} has another name`);
    }
  }
  return wrong;
}

/** Whether a record, and all it belongs to, is neither voided nor only planned. */
function isWanted(id: string, organisation: AvniOrganisation): boolean {
  const record = organisation.get(id);
  if (!record || record.voided) return false;
  const visit = record.kind === 'programEncounter' || record.kind === 'encounter';
  if (visit && (record.body['Encounter date time'] === null || record.body['Cancel date time'] !== null)) return false;
  return ['Subject ID', 'Enrolment ID'].every(
    (parent) => typeof record.body[parent] !== 'string' || isWanted(record.body[parent], organisation),
  );
}
