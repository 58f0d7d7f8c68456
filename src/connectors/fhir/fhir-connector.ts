import type { ConnectOptions, Connector, Context, Destination, DestinationOptions, Health, Instant } from '../connector.js';
import { clockOf } from '../date-header.js';
import { healthOf } from '../health.js';
import { FhirClient } from './client.js';
import { FhirDestination } from './fhir-destination.js';
import { fhirSystemSettings } from './settings.js';

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
    return healthOf(() => this.clock(c));
  }

  async horizon(c: Context): Promise<Instant> {
    return new Date((await this.clock(c)) - this.options.margin).toISOString();
  }

  destination(settings: unknown, options: DestinationOptions): Destination {
    return new FhirDestination(this.client, settings, options);
  }

  /** A search, since /metadata is often open to everyone and would not show a wrong token. */
  private async clock(c: Context): Promise<number> {
    return clockOf(await this.client.read('Patient?_count=1', 'The FHIR server', c), 'The FHIR server');
  }
}
