import { z } from 'zod';
import type { ConnectorType, RecordClass } from '../../src/connectors/connector.js';
import type { ConnectorTypes } from '../../src/connectors/registry.js';

const notConnectable = (): never => {
  throw new Error('A fake connector type only checks definitions');
};

const avniSource = z
  .strictObject({
    subject: z.string().optional(),
    enrolment: z.string().optional(),
    programEncounter: z.string().optional(),
    encounter: z.string().optional(),
  })
  .refine((from) => Object.values(from).filter((each) => each !== undefined).length === 1, {
    message: 'must have exactly one of subject, enrolment, programEncounter, encounter',
  });

const avni: ConnectorType = {
  name: 'avni',
  listsChildren: () => true,
  errorTypes: [],
  systemSettings: z.strictObject({
    url: z.string(),
    auth: z.union([
      z.strictObject({ username: z.string(), password: z.string() }),
      z.strictObject({ token: z.string() }),
      z.strictObject({ userName: z.string() }),
    ]),
  }),
  sourceSettings: avniSource,
  conceptsIn: ['observations'],
  reads: (settings) => {
    const [type = '', discriminator = ''] = Object.entries(avniSource.parse(settings))[0] ?? [];
    return { type, discriminator };
  },
  connect: notConnectable,
};

const fhirTypes = z.enum(['Patient', 'EpisodeOfCare', 'Encounter', 'Observation']);
const fhirDestination = z.strictObject({
  resource: fhirTypes.optional(),
  resources: z.array(fhirTypes).optional(),
  serverAdds: z.array(z.string()).optional(),
  mark: z.record(z.string(), z.unknown()).optional(),
});

const fhir: ConnectorType = {
  name: 'fhir',
  takesSeveral: true,
  listsChildren: () => true,
  errorTypes: [],
  systemSettings: z.strictObject({
    url: z.string(),
    auth: z.union([z.strictObject({ token: z.string() }), z.strictObject({ username: z.string(), password: z.string() })]).optional(),
  }),
  destinationSettings: fhirDestination,
  writes: (settings) => {
    const { resource, resources } = fhirDestination.parse(settings);
    return [...(resource ? [resource] : []), ...(resources ?? [])].map((type) => ({ type }));
  },
  connect: notConnectable,
};

const bothSettings = z.strictObject({
  type: z.string(),
  tag: z.string().optional(),
  code: z.string().optional(),
  owns: z.array(z.string()).optional(),
  unmarked: z.literal(true).optional(),
});
const bothClass = (settings: unknown): RecordClass => {
  const { type, tag, code, owns, unmarked } = bothSettings.parse(settings);
  const part = code !== undefined ? { by: 'code', discriminator: code } : tag !== undefined ? { by: 'tag', discriminator: tag } : {};
  return { type, ...part, ...(owns ? { fields: owns, plain: ['Due'] } : {}), ...(unmarked ? { unmarked } : {}) };
};

/** Reads and writes, so that a definition can go wrong both ways. */
const both: ConnectorType = {
  name: 'both',
  conceptsIn: ['observations'],
  listsChildren: () => true,
  errorTypes: [],
  systemSettings: z.strictObject({ url: z.string() }),
  sourceSettings: bothSettings,
  destinationSettings: bothSettings,
  lookUpSettings: z.strictObject({ kind: z.string() }),
  tellsOrigins: true,
  reads: bothClass,
  writes: (settings) => [bothClass(settings)],
  connect: notConnectable,
};

const { lookUpSettings: _lookUp, tellsOrigins: _origins, ...noParents } = both;

/** Reads and writes, and tells nothing of parents. */
const plain: ConnectorType = { ...noParents, name: 'plain' };

/** Of the shapes of the real connectors' settings; for checking definitions only. */
export const fakeConnectorTypes: ConnectorTypes = { avni, fhir, both, plain };
