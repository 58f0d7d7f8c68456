import type { ConnectorType } from '../connector.js';
import { checkSettings, unmarkable } from './check-settings.js';
import { checkWritten } from './check-written.js';
import { classOf } from './part.js';
import { fhirErrorTypes } from './error-types.js';
import { FhirConnector } from './fhir-connector.js';
import { fhirDestinationSettings, fhirSystemSettings, typesOf } from './settings.js';
import { parameterTo } from './source/children-by-reference.js';
import { fhirSourceSettings } from './source/source-settings.js';

/** A FHIR R4 server, as a source and as a destination. */
export const fhir: ConnectorType = {
  name: 'fhir',
  listsChildren: (parent, child) => {
    const [above, below] = [parent, child].map((each) => fhirSourceSettings.safeParse(each).data);
    return above !== undefined && below !== undefined && parameterTo(above, below) !== undefined;
  },
  errorTypes: fhirErrorTypes,
  systemSettings: fhirSystemSettings,
  sourceSettings: fhirSourceSettings,
  destinationSettings: fhirDestinationSettings,
  reads: (settings) => {
    const parsed = fhirSourceSettings.parse(settings);
    return classOf(parsed.resource, parsed);
  },
  writes: (settings) => {
    const parsed = fhirDestinationSettings.parse(settings);
    return typesOf(parsed).map((type) => classOf(type, parsed));
  },
  tellsOrigins: true,
  tellsStanding: () => true,
  looksForGone: (settings) => fhirSourceSettings.parse(settings).deleted === 'reread',
  checkDestination: checkSettings,
  checkWritten,
  takesSeveral: true,
  derivesWithoutKey: true,
  unmarkable,
  connect: (_name, settings, options) => new FhirConnector(settings, options),
};
