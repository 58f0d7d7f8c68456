import type { ConnectorType } from '../connector.js';
import { canList } from './children.js';
import { AvniConnector } from './avni-connector.js';
import { avniDestinationSettings, targetOf } from './destination-settings.js';
import { avniErrorTypes } from './error-types.js';
import { avniLookUpSettings } from './look-up-settings.js';
import { avniSetUp } from './organisation/avni-set-up.js';
import { avniSourceSettings, avniSystemSettings, kindOf } from './settings.js';
import { written } from './write-fields.js';

/**
 * Avni, as a source and a destination of subjects, enrolments, program encounters and general
 * encounters.
 */
export const avni: ConnectorType = {
  name: 'avni',
  downloadedBy: 'phones',
  errorTypes: avniErrorTypes,
  systemSettings: avniSystemSettings,
  sourceSettings: avniSourceSettings,
  destinationSettings: avniDestinationSettings,
  lookUpSettings: avniLookUpSettings,
  conceptsIn: ['observations', 'cancelObservations', 'exitObservations'],
  setUp: avniSetUp,
  writes: (settings) => {
    const { kind, type, owns, origin } = targetOf(settings);
    const unmarked = origin === undefined ? { unmarked: true as const } : {};
    const plain = Object.keys(written[kind].fields);
    const fields = owns ? { fields: [...owns], plain: [...owns].filter((name) => plain.includes(name)) } : {};
    return [{ type: kind, discriminator: type, ...fields, ...unmarked }];
  },
  tellsStanding: (settings) => targetOf(settings).origin !== undefined,
  reads: (settings) => {
    const { kind, type } = kindOf(settings);
    return { type: kind, discriminator: type };
  },
  listsChildren: (parent, child) => canList(kindOf(parent), kindOf(child)),
  connect: (_name, settings, options) => new AvniConnector(settings, options),
};
