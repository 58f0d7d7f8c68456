import { randomUUID } from 'node:crypto';
import type { DestinationWorld, SourceWorld } from '../../src/conformance/index.js';
import { avni } from '../../src/connectors/avni/index.js';
import { fhir } from '../../src/connectors/fhir/index.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { FhirBehaviour } from '../../src/simulators/fhir/behaviour.js';

const PERSON = 'Shanthamma of Hosahalli';
/** Before any record that a property makes. */
const BEFORE = Date.UTC(2023, 0, 1);
const TOKEN = 'token-of-the-world';

/** General encounters of an Avni organisation. */
export async function avniSource(): Promise<SourceWorld> {
  const organisation = new AvniOrganisation();
  const { url, close } = await startAvniSimulator({ organisation });
  const body = { 'Encounter type': 'Visit', observations: { Name: PERSON } };
  return {
    ...{ connector: avni, url, close, precision: 1, secrets: [PERSON, 'integrator'] },
    systemSettings: (address) => ({ url: address, auth: { userName: 'integrator' } }),
    sourceSettings: { encounter: 'Visit' },
    make: async (at) => organisation.add('encounter', 'Visit', body, { stamp: Date.parse(at) }).id,
    change: async (id, at) => void organisation.change(id, {}, Date.parse(at)),
    remove: async (id, at) => void organisation.change(id, { voided: true }, Date.parse(at)),
  };
}

/** Households of an Avni organisation with their members; each change is of a membership. */
export async function avniHouseholds(): Promise<SourceWorld> {
  const organisation = new AvniOrganisation();
  const { url, close } = await startAvniSimulator({ organisation });
  const subject = (type: string, at = BEFORE): string =>
    organisation.add('subject', type, { 'Subject type': type, observations: { 'First name': PERSON } }, { stamp: at }).id;
  const member = subject('Person');
  return {
    ...{ connector: avni, url, close, precision: 1, secrets: [PERSON, 'integrator'] },
    systemSettings: (address) => ({ url: address, auth: { userName: 'integrator' } }),
    sourceSettings: { subject: 'Household', members: true },
    make: async (at) => subject('Household', Date.parse(at)),
    change: async (id, at) =>
      void organisation.add('groupSubject', '', { 'Group ID': id, 'Member ID': member, Role: 'Head' }, { stamp: Date.parse(at) }),
    remove: async (id, at) => void organisation.change(id, { voided: true }, Date.parse(at)),
  };
}

/** Locations of an Avni organisation, of which the ones of another type lie between. */
export async function avniLocations(): Promise<SourceWorld> {
  const organisation = new AvniOrganisation();
  const { url, close } = await startAvniSimulator({ organisation });
  const { locations } = organisation.metadata;
  locations.length = 0;
  const add = (type: string, stamp: number): string => {
    const uuid = randomUUID();
    locations.push({ uuid, externalId: null, title: PERSON, type, level: 1, voided: false, stamp });
    return uuid;
  };
  const change = async (id: string, changes: { stamp: number; voided?: boolean }): Promise<void> =>
    void Object.assign(locations.find(({ uuid }) => uuid === id) ?? {}, changes);
  let made = 0;
  return {
    ...{ connector: avni, url, close, precision: 1, secrets: [PERSON, 'integrator'] },
    systemSettings: (address) => ({ url: address, auth: { userName: 'integrator' } }),
    sourceSettings: { location: 'Village' },
    make: async (at) => {
      if ((made += 1) % 3 === 0) add('District', Date.parse(at));
      return add('Village', Date.parse(at));
    },
    change: (id, at) => change(id, { stamp: Date.parse(at) }),
    remove: (id, at) => change(id, { stamp: Date.parse(at), voided: true }),
  };
}

/** Patients of a FHIR server. */
export async function fhirSource(behaviour: Partial<FhirBehaviour> = {}): Promise<SourceWorld> {
  const { url, close, repository } = await startFhirSimulator({ behaviour, token: TOKEN });
  let made = 0;
  const put = (id: string, at: string): void =>
    void repository.put({ resourceType: 'Patient', id, name: [{ text: PERSON }] } as never, Date.parse(at));
  return {
    ...{ connector: fhir, url: `${url}/fhir`, close, precision: behaviour.stamps === 's' ? 1_000 : 1 },
    secrets: [PERSON, TOKEN],
    systemSettings: (address) => ({ url: address, auth: { token: TOKEN } }),
    sourceSettings: { resource: 'Patient' },
    make: async (at) => {
      const id = `p${String((made += 1)).padStart(5, '0')}`;
      put(id, at);
      return id;
    },
    change: async (id, at) => put(id, at),
  };
}

/** Patients and a weight of each in a FHIR server, `bundle` resources in a transaction. */
export async function fhirDestination(bundle: number): Promise<DestinationWorld> {
  const { url, close, repository } = await startFhirSimulator({ token: TOKEN, behaviour: { rules: true } });
  const settings = { resources: ['Patient', 'Observation'] };
  return {
    ...{ connector: fhir, url: `${url}/fhir`, close, entityType: 'Person', destinationSettings: settings, secrets: [PERSON, TOKEN] },
    systemSettings: (address) => ({ url: address, bundle, auth: { token: TOKEN } }),
    options: {
      ...{ integration: 'i', process: 'p' },
      entityTypes: { Person: { formerly: [], settings, resourceNames: ['main', 'note'], keyed: [] } },
    },
    mapped: (id, state, ref) => ({
      main: { resourceType: 'Patient', name: [{ text: `${PERSON} ${id}` }], active: state === 0 },
      note: { resourceType: 'Observation', status: 'final', code: { text: 'Weight' }, valueInteger: 50 + state, subject: ref('main') },
    }),
    refused: () => ({ main: { resourceType: 'Patient', name: [{ text: PERSON }], birthDate: '2999-01-01' } }),
    stored: async () =>
      repository.all().map(({ meta: _meta, ...resource }) => JSON.stringify(Object.entries(resource).sort(([a], [b]) => (a < b ? -1 : 1)))),
  };
}

/**
 * General encounters of one subject in an Avni organisation, of which Sangam owns all that it maps.
 */
export async function avniDestination(owns?: string[]): Promise<DestinationWorld> {
  const organisation = new AvniOrganisation();
  const { url, close } = await startAvniSimulator({ organisation });
  const subject = organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: {} }).id;
  const settings = { encounter: 'Health check', ...(owns ? { owns } : {}) };
  const visit = (observations: object): Record<string, unknown> => ({
    main: { 'Subject ID': subject, 'Encounter date time': '2025-12-01T10:00:00+05:30', observations },
  });
  return {
    ...{ connector: avni, url, close, entityType: 'Visit', destinationSettings: settings, secrets: [PERSON, 'integrator'] },
    systemSettings: (address) => ({ url: address, auth: { userName: 'integrator' } }),
    options: {
      ...{ integration: 'i', process: 'p' },
      entityTypes: { Visit: { formerly: [], settings, resourceNames: ['main'], keyed: [] } },
    },
    mapped: (id, state) => visit({ Remarks: `${PERSON} ${id}`, Systolic: 120 + state }),
    refused: () => visit({ Remarks: PERSON, Symptoms: ['No such answer'] }),
    stored: async () =>
      organisation
        .all()
        .filter(({ kind, voided }) => kind === 'encounter' && !voided)
        .map(({ id, body }) => JSON.stringify([id, body['External ID'], Object.entries(body['observations'] as object).sort()])),
  };
}
