import type { ConnectorType } from '../connector.js';
import { checkSettings, unmarkable } from './check-settings.js';
import { fhirErrorTypes } from './error-types.js';
import { FhirConnector } from './fhir-connector.js';
import { fhirDestinationSettings, fhirSystemSettings, typesOf } from './settings.js';

/** A FHIR R4 server, as a destination. */
export const fhir: ConnectorType = {
  name: 'fhir',
  errorTypes: fhirErrorTypes,
  systemSettings: fhirSystemSettings,
  destinationSettings: fhirDestinationSettings,
  writes: (settings) => typesOf(fhirDestinationSettings.parse(settings)).map((type) => ({ type })),
  checkDestination: checkSettings,
  unmarkable,
  connect: (_name, settings, options) => new FhirConnector(settings, options),
};
