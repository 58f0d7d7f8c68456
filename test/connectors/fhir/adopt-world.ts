import type { Context, Destination, WriteOutcome, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import type { Http } from '../../../src/http/http.js';
import { silent } from '../../../src/log.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { isWrite } from '../../support/is-write.js';

/** The two forms of servers: one keeps of `meta` what a PUT leaves out, the other replaces it. */
export const FORMS: [string, Partial<FhirBehaviour>][] = [
  ['that merges tags', { mergesMeta: true, versionOfSame: false }],
  ['that replaces tags', { mergesMeta: false }],
];

/** What a hospital knows of a person before Sangam comes. */
export const hospitals = (id: string, key: string): { resourceType: string; id: string; [element: string]: unknown } => ({
  resourceType: 'Patient',
  id,
  meta: {
    profile: ['http://hospital/StructureDefinition/patient'],
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
    tag: [{ system: 'urn:hospital', code: 'ward-3' }],
  },
  extension: [{ url: 'http://hospital/religion', valueString: 'x' }],
  identifier: [
    { system: 'urn:hospital:mrn', value: `MRN-${id}`, use: 'official' },
    { system: 'urn:health-id', value: key, assigner: { display: 'State' } },
  ],
  active: true,
  name: [{ use: 'official', family: 'Rao' }],
  telecom: [{ system: 'phone', value: '0123' }],
  deceasedBoolean: false,
  generalPractitioner: [{ display: 'Dr Iyer' }],
});

export interface AdoptWorld {
  simulator: FhirSimulator;
  destination: Destination;
  /** As it is once the key is taken from the definition. */
  withoutKey: Destination;
  /** Writes these together. */
  write(...requests: WriteRequest[]): Promise<WriteOutcome[]>;
  /** What is stored, without its version and time. */
  stored(id: string): Record<string, unknown> | undefined;
  /** Requests so far that change something. */
  writes(): number;
}

/** A simulator and a destination of Patients that are met by a health id, and may be taken over. */
export async function adoptWorld(
  http: Http,
  behaviour: Partial<FhirBehaviour>,
  system: object = {},
  formerly: string[] = [],
): Promise<AdoptWorld> {
  const simulator = await startFhirSimulator({ behaviour });
  const settings = { resource: 'Patient' };
  const connected = fhir.connect('emr', { url: `${simulator.url}/fhir`, bundle: 100, ...system }, { margin: 0 });
  const [destination, withoutKey] = [['main'], []].map((keyed) =>
    connected.destination?.(settings, {
      integration: 'i',
      process: 'p',
      entityTypes: { Person: { formerly, settings, resourceNames: ['main'], keyed } },
    }),
  );
  if (!destination || !withoutKey) throw new Error('FHIR is a destination');
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  const stored = (id: string): Record<string, unknown> | undefined => {
    const { meta, ...rest } = simulator.repository.get('Patient', id) ?? {};
    if (!meta) return undefined;
    const { versionId: _version, lastUpdated: _at, ...others } = meta as Record<string, unknown>;
    return { ...rest, ...(Object.keys(others).length > 0 ? { meta: others } : {}) };
  };
  return {
    ...{ simulator, destination, withoutKey, stored },
    write: (...requests) => destination.write(requests, c),
    writes: () => simulator.requests.filter(isWrite).length,
  };
}

/** A person’s write: with a health id, and what else the mapping gives. */
export function person(id: string, key: string | undefined, more: object = {}, request: Partial<WriteRequest> = {}): WriteRequest {
  const body = { resourceType: 'Patient', name: [{ family: `Avni ${id}` }], ...more };
  const keyed = key === undefined ? {} : { key: { system: 'urn:health-id', value: key } };
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    version: '1',
    action: 'upsert',
    resources: [{ name: 'main', type: 'Patient', body, ...keyed }],
    adopt: true,
    ...request,
  };
}

/** Of these outcomes, the kinds and the codes of errors. */
export function told(outcomes: WriteOutcome[]): string[] {
  return outcomes.map((each) => (each.kind === 'refused' ? each.error.code : each.kind));
}
