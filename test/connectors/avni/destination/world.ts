import { afterAll, afterEach } from '@jest/globals';
import { avni } from '../../../../src/connectors/avni/index.js';
import type { Connector, Context, Destination, Origin, WriteOutcome, WriteRequest } from '../../../../src/connectors/connector.js';
import { resourceId } from '../../../../src/connectors/derived-id.js';
import { createHttp } from '../../../../src/http/create-http.js';
import { silent } from '../../../../src/log.js';
import { startAvniSimulator, type AvniSimulator, type AvniSimulatorOptions } from '../../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation, type StoredRecord } from '../../../../src/simulators/avni/organisation.js';

const open: AvniSimulator[] = [];
const http = createHttp({ timeout: 5_000 });
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

/** The user that Sangam writes as. */
const US = 'sangam@demo';

type Body = Record<string, unknown>;

export interface DestinationWorld {
  simulator: AvniSimulator;
  organisation: AvniOrganisation;
  connector: Connector;
  c: Context;
  /** A destination of one entity type, `Thing` where no name is given. */
  to(settings: object, options?: { entityType?: string; keyed?: boolean; names?: string[] }): Typed;
}

export interface Typed {
  destination: Destination;
  /**
   * Shapes and writes what a mapping made of records; the outcome says `invalid` where it has no
   * good shape.
   */
  put(...records: Given[]): Promise<WriteOutcome[]>;
  one(id: string, body: Body, more?: Partial<Given>): Promise<WriteOutcome>;
  remove(id: string, action?: 'remove' | 'mark', more?: Pick<WriteRequest, 'whenEdited'>): Promise<WriteOutcome>;
  request(given: Given): WriteRequest | WriteOutcome;
  externalId(id: string): string;
}

interface Given {
  id: string;
  body: Body;
  key?: string;
  adopt?: boolean;
  whenEdited?: WriteRequest['whenEdited'];
}

/** Avni's simulator and destinations of its real connector. */
export async function destinationWorld(
  options: AvniSimulatorOptions = {},
  organisation = new AvniOrganisation(),
  auth: object = { userName: US },
): Promise<DestinationWorld> {
  const simulator = await startAvniSimulator({ organisation, ...options });
  open.push(simulator);
  const connector = avni.connect('avni', { url: simulator.url, auth }, { margin: 0 });
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  const to: DestinationWorld['to'] = (settings, { entityType = 'Thing', keyed = false, names = ['main'] } = {}) => {
    const known = { formerly: [], settings, resourceNames: names, keyed: keyed ? names : [] };
    const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes: { [entityType]: known } });
    if (!destination) throw new Error('Avni is a destination');
    return typed(destination, entityType, c);
  };
  return { simulator, organisation, connector, c, to };
}

function typed(destination: Destination, entityType: string, c: Context): Typed {
  const origin = (id: string): Origin => ({ integration: 'i', process: 'p', entityType, id });
  const request: Typed['request'] = ({ id, body, key, adopt = false, whenEdited }) => {
    const shaped = destination.shape('main', body);
    if (shaped && 'error' in shaped) return { kind: 'refused', error: shaped.error };
    const resources = shaped ? [{ name: 'main', ...shaped, ...(key !== undefined ? { key: { value: key } } : {}) }] : [];
    const action = shaped ? ('upsert' as const) : ('remove' as const);
    return { origin: origin(id), version: '1', action, resources, adopt, ...(whenEdited ? { whenEdited } : {}) };
  };
  const put: Typed['put'] = async (...records) => {
    const requests = records.map(request);
    const sent = requests.filter((each): each is WriteRequest => 'origin' in each);
    const outcomes = await destination.write(sent, c);
    return requests.map((each) => ('origin' in each ? (outcomes[sent.indexOf(each)] ?? { kind: 'unavailable' }) : each));
  };
  return {
    destination,
    request,
    put,
    one: async (id, body, more = {}) => (await put({ id, body, ...more }))[0] ?? { kind: 'unavailable' },
    remove: async (id, action = 'remove', more = {}) => {
      const gone: WriteRequest = { origin: origin(id), version: '2', action, resources: [], adopt: false, ...more };
      return (await destination.write([gone], c))[0] ?? { kind: 'unavailable' };
    },
    externalId: (id) => resourceId('i', entityType, [], id, 'main'),
  };
}

/** Everything that is stored, as it was at this moment. */
export function everything(organisation: AvniOrganisation): StoredRecord[] {
  return structuredClone(organisation.all());
}

export const PERSON: Body = {
  Address: 'Karnataka, Mysuru, Hosahalli',
  'First name': 'Lakshmi',
  'Last name': 'Gowda',
  'Registration date': '2025-11-20',
  'Date of birth': '1994-03-02',
  Gender: 'Female',
  observations: { 'Phone number': '9000000001', 'Blood group': 'B positive', 'Languages spoken': ['Kannada', 'Hindi'] },
};

export const without = (body: Body, ...names: string[]): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

export const withObservations = (body: Body, more: Body): Body => ({
  ...body,
  observations: { ...(body['observations'] as Body), ...more },
});
