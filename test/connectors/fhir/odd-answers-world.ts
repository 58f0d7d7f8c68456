import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import type { Http } from '../../../src/http/http.js';
import { silent } from '../../../src/log.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import type { SimulatedRequest } from '../../../src/simulators/server.js';
import { startAlteringFront, type AlteringFront } from '../../support/altering-front.js';
import { SENTINEL } from '../../support/odd-answers.js';

export interface OddWorld {
  simulator: FhirSimulator;
  /** One that speaks to the server directly, and one whose answers are altered on the way. */
  straight: Destination;
  altered: Destination;
  c: Context;
  front: AlteringFront;
  /** Asks of a whole system, through the front. */
  check(): Promise<unknown>;
  close(): Promise<void>;
}

const settings = { resource: 'Patient' };

/** A FHIR server, and a front before it that alters some of its answers. */
export async function oddWorld(http: Http, behaviour: Partial<FhirBehaviour>, { bundle = 1, keyed = false } = {}): Promise<OddWorld> {
  const simulator = await startFhirSimulator({ behaviour });
  const front = await startAlteringFront(simulator.url);
  const destinationAt = (url: string): Destination => {
    const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: keyed ? ['main'] : [] } };
    const connector = fhir.connect('emr', { url: `${url}/fhir`, bundle }, { margin: 0 });
    const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
    if (!destination) throw new Error('FHIR is a destination');
    return destination;
  };
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  return {
    ...{ simulator, front, c, straight: destinationAt(simulator.url), altered: destinationAt(front.url) },
    check: () => fhir.connect('emr', { url: `${front.url}/fhir`, bundle }, { margin: 0 }).check(c),
    close: async () => {
      await front.close();
      await simulator.close();
    },
  };
}

/** What a server says of a write that it has carried out. */
export function echoOf({ method, body }: SimulatedRequest): string {
  if (method !== 'POST') return body;
  const { entry } = JSON.parse(body) as { entry: { resource: object }[] };
  const answers = entry.map(({ resource }) => ({ resource, response: { status: '201 Created' } }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry: answers });
}

/** What is to be done with one record; its name is a person's. */
export function requestFor(id: string, action: WriteRequest['action'] = 'upsert', body: object = {}, key?: string): WriteRequest {
  const whole = { resourceType: 'Patient', name: [{ family: `${SENTINEL} Rani` }], ...body };
  const resources = action === 'upsert' ? [{ name: 'main', type: 'Patient', body: whole }] : [];
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    ...{ version: '1', action, adopt: key !== undefined },
    resources: resources.map((each) => (key === undefined ? each : { ...each, key: { system: 'urn:k', value: key } })),
  };
}
