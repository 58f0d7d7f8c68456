import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { differencesBothWays, type Differences } from '../../src/cli/demo/compare/compare-systems.js';
import type { StoredRecord } from '../../src/simulators/avni/organisation.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { labReport, referral, registration } from '../../src/simulators/fhir/hospital-desk.js';
import type { FhirRepository } from '../../src/simulators/fhir/repository.js';
import type { Resource } from '../../src/simulators/fhir/resource.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { resourceId } from '../../src/connectors/derived-id.js';
import { silent } from '../../src/log.js';
import { clinicEnv } from './clinic.js';

export const HOSPITAL = fileURLToPath(new URL('../../integrations/hospital', import.meta.url));

/** The ready definition, connected to these simulators. */
export async function hospital(avni: string, fhir: string): Promise<ActiveProcess> {
  const store = new IntegrationStore({ path: HOSPITAL, connectorTypes, env: clinicEnv(avni, fhir), log: silent });
  const found = await store.find('hospital/care');
  if ('missing' in found) throw new Error(found.message);
  return found.active;
}

/** What a hospital's staff enter in its EMR. */
export class HospitalDesk {
  /** `ago`: milliseconds since it seems to have been entered. */
  constructor(
    private readonly repository: FhirRepository,
    private readonly ago = 0,
  ) {}

  /** The Patient that Sangam writes, or will write, from this beneficiary. */
  static patientOf(subject: string): string {
    return `Patient/${resourceId('hospital', 'Beneficiary', [], subject, 'main')}`;
  }

  register(mrn: string, family: string): void {
    this.put(registration(mrn, family));
  }

  report(id: string, patient: string, haemoglobin: number, more: object = {}): void {
    this.put(...labReport(id, patient, haemoglobin, more));
  }

  refer(id: string, patient: string, status = 'active'): void {
    this.put(referral(id, patient, status));
  }

  private put(...resources: Resource[]): void {
    for (const each of resources) this.repository.put(each, Date.now() - this.ago);
  }
}

/** Records of Avni of one type, without those that are voided. */
export function recordsOf(organisation: AvniOrganisation, type: string): StoredRecord[] {
  return organisation.all().filter((each) => each.type === type && !each.voided);
}

/** What each system lacks, has too much or has otherwise, of what comes from the other. */
export function hospitalDifferences(organisation: AvniOrganisation, repository: FhirRepository): Differences {
  const records = organisation.all().map(({ id: ID, ...record }) => ({ ID, ...record }));
  return differencesBothWays(records, repository.all());
}

/** Of everything in both systems, what tells whether it was written: a stamp or a version. */
export function everyStamp(organisation: AvniOrganisation, repository: FhirRepository): Map<string, string> {
  const avni = organisation.all().map(({ id, stamp }) => [id, `${stamp}`] as const);
  const fhir = repository.all().map(({ resourceType, id, meta }) => [`${resourceType}/${id}`, `${meta?.versionId}`] as const);
  return new Map([...avni, ...fhir]);
}

/** All of these as one text. */
export function stampsOf(organisation: AvniOrganisation, repository: FhirRepository): string {
  const all = [...everyStamp(organisation, repository)].map((each) => each.join(' '));
  return createHash('sha256').update(all.sort().join('\n')).digest('hex');
}
