import type {
  ChangeSource,
  ConnectOptions,
  Connector,
  Context,
  Destination,
  DestinationOptions,
  Health,
  Horizon,
  SourceOptions,
} from '../connector.js';
import { askHorizon } from '../date-header.js';
import { healthOf } from '../health.js';
import { FhirClient } from './client.js';
import { FhirDestination } from './fhir-destination.js';
import { fhirSystemSettings } from './settings.js';
import { FhirSource } from './source/fhir-source.js';
import { fhirSourceSettings } from './source/source-settings.js';

/** One FHIR R4 server. */
export class FhirConnector implements Connector {
  private readonly client: FhirClient;

  constructor(
    settings: unknown,
    private readonly options: ConnectOptions,
  ) {
    this.client = new FhirClient(fhirSystemSettings.parse(settings));
  }

  check(c: Context): Promise<Health> {
    return healthOf(() => this.horizon(c));
  }

  /** By a search, since /metadata is often open to everyone and would not show a wrong token. */
  horizon(c: Context): Promise<Horizon> {
    return askHorizon(() => this.client.read('Patient?_count=1', 'The FHIR server', c), this.options);
  }

  source(settings: unknown, options: SourceOptions = { entityTypes: {} }): ChangeSource {
    return new FhirSource(this.client, fhirSourceSettings.parse(settings), options);
  }

  destination(settings: unknown, options: DestinationOptions): Destination {
    return new FhirDestination(this.client, settings, options);
  }
}
