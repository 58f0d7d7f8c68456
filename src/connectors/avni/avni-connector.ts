import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
import type {
  Bookmark,
  ChangeSource,
  ConnectOptions,
  Connector,
  Context,
  Destination,
  DestinationOptions,
  Health,
  Horizon,
  Instant,
  SourceOptions,
} from '../connector.js';
import { groupIn } from './group.js';
import { askHorizon } from '../date-header.js';
import { healthOf } from '../health.js';
import { AvniDestination } from './avni-destination.js';
import { BrokenSpots } from './broken-spots.js';
import { BEGINNING, changes } from './changes.js';
import { checkConcepts } from './check-concepts.js';
import { checkType } from './check-type.js';
import { childrenOf } from './children.js';
import { isRecordTarget, targetOf } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { incidentOf, sickFailure } from './failure.js';
import { fetchRecords } from './fetch.js';
import { KnownType } from './known-type.js';
import { KeysWritten } from './keys-written.js';
import { AvniLister } from './lister.js';
import { PageBroken } from './page-broken.js';
import { proven, surely } from './proven.js';
import { readGiven } from './read-given.js';
import { AvniSession } from './session.js';
import { Setup } from './setup/setup.js';
import { avniSystemSettings, kindOf } from './settings.js';
import { TaskDestination } from './task-destination.js';
import { getOwn } from '../../model/keyed.js';

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
    const child = kindOf(settings);
    const { kind, type } = child;
    const lister = new AvniLister(this.session, endpoints[kind], type);
    const spots = new BrokenSpots();
    const known = new KnownType(this.session, lister);
    return {
      hasChanges: (after: Bookmark | null, until: Instant, c: Context) => hasChanges(lister, known, after, until, c),
      changes: (after, until, limit, c) => proven(changes(lister, after, until, limit, c, spots), until, known, c),
      fetch: (ids, c) => fetchRecords(this.session, lister, ids, c, known),
      read: (given) => readGiven(given, kind, type),
      check: (c, concepts) => checkType(lister, known, () => checkConcepts(this.session, concepts, c), c),
      childrenOf: (parent, c) =>
        surely(childrenOf(this.session, child, kindOf(getOwn(entityTypes, parent.entityType)), parent.id, c), known, c),
    };
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

async function hasChanges(lister: AvniLister, known: KnownType, after: Bookmark | null, until: Instant, c: Context): Promise<boolean> {
  if (after && groupIn(after, until)) return true;
  const window = { after: after?.at ?? BEGINNING, until };
  if (window.after >= until) return false;
  try {
    const [first] = (await lister.list(window, 0, 1, c)).rows;
    known.saw(first?.id);
    if (first) return true;
  } catch (error) {
    // A record that breaks its page is a change too.
    if (error instanceof PageBroken) return true;
    throw error;
  }
  await known.expect(c);
  return false;
}
