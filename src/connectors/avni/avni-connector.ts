import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
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
import { AvniDestination } from './avni-destination.js';
import { AvniSource } from './avni-source.js';
import { BEGINNING } from './changes.js';
import { isRecordTarget, targetOf } from './destination-settings.js';
import { incidentOf, sickFailure } from './failure.js';
import { KeysWritten } from './keys-written.js';
import { AvniSession } from './session.js';
import { avniSystemSettings, kindOf } from './settings.js';
import { Setup } from './setup/setup.js';
import { TaskDestination } from './task-destination.js';

/** One Avni organisation, reached over its server's API. */
export class AvniConnector implements Connector {
  private readonly session: AvniSession;
  private readonly setup: Setup;
  private readonly keys = new KeysWritten();

  constructor(
    settings: unknown,
    private readonly options: ConnectOptions,
  ) {
    this.session = new AvniSession(avniSystemSettings.parse(settings));
    this.setup = new Setup(this.session);
  }

  check(c: Context): Promise<Health> {
    return healthOf(() => this.horizon(c));
  }

  horizon(c: Context): Promise<Horizon> {
    return askHorizon(() => this.ask(c), this.options);
  }

  source(settings: unknown, { entityTypes }: SourceOptions = { entityTypes: {} }): ChangeSource {
    return new AvniSource(this.session, kindOf(settings), entityTypes);
  }

  destination(settings: unknown, options: DestinationOptions): Destination {
    const target = targetOf(settings);
    if (!isRecordTarget(target)) return new TaskDestination(this.session, this.setup, this.keys, target.type, options);
    return new AvniDestination(this.session, this.setup, this.keys, target, options, this.options.clockBound);
  }

  /** An authorised request that is cheap for the server and touches no record. */
  private async ask(c: Context): Promise<HttpResponse> {
    const nothing = { lastModifiedDateTime: BEGINNING, now: BEGINNING, page: '0', size: '1', version: '2' };
    // It is what a probe asks: where it fails, the system does.
    const { answer, verdict } = await settle(
      () => this.session.get('/api/subjects', nothing, c),
      (response) => incidentOf(response, 'read page'),
      () => Promise.resolve(false),
    );
    if (verdict.kind !== 'done') throw await sickFailure(this.session, systemCodeOf(verdict), answer, 'Avni', c);
    return answer;
  }
}
