import { avni } from './avni/index.js';
import { fhir } from './fhir/index.js';
import type { ConnectorTypes } from './registry.js';

/** The kinds of system this release can join. */
export const connectorTypes: ConnectorTypes = { avni, fhir };
