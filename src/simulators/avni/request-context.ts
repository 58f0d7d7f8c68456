import type { SimulatedRequest } from '../server.js';
import type { AvniOrganisation } from './organisation.js';
import type { AvniSettings, AvniUser } from './settings.js';

/** All that an answer depends on. */
export interface RequestContext {
  request: SimulatedRequest;
  organisation: AvniOrganisation;
  settings: AvniSettings;
  user: AvniUser;
  /** The `version` of the API that was asked for. */
  version: number;
}
