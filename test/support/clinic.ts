import { fileURLToPath } from 'node:url';
import { differencesOf } from '../../src/cli/demo/compare/differences.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { silent } from '../../src/log.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import type { FhirRepository } from '../../src/simulators/fhir/repository.js';
import { clinicExpectation } from './clinic-compare/expected.js';

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

/**
 * What should be in the destination and is not, what should not and is, and what differs, record by
 * record: worked out apart from the engine.
 */
export function differences(organisation: AvniOrganisation, repository: FhirRepository): string[] {
  return differencesOf(
    clinicExpectation,
    organisation.all().map(({ id: ID, ...record }) => ({ ID, ...record })),
    repository.all(),
  );
}
