import pLimit from 'p-limit';
import type { RecordError } from '../../errors/record-error.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { getOwn } from '../../model/keyed.js';
import type {
  Arriving,
  Context,
  Destination,
  DestinationOptions,
  Found,
  LookUp,
  PlannedOutcome,
  Ref,
  SourceHealth,
  WriteOutcome,
  WriteRequest,
} from '../connector.js';
import { withSystemFailure } from '../system-outcome.js';
import { together } from '../together.js';
import { writeEach } from '../write-each.js';
import { AT_ONCE } from './at-once.js';
import { isRecordTarget, targetOf, type Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { externalIdOf } from './external-id.js';
import { findByMark } from './find-by-mark.js';
import { foundOf } from './found.js';
import { AvniLister } from './lister.js';
import { lookUpAll } from './look-up.js';
import { originMark, originMarks, sameKey } from './origin-mark.js';
import { PLACEHOLDER } from './placeholder.js';
import { plannedChange } from './planned-changes.js';
import { RecentRecords } from './recent-records.js';
import { RecordWriter, type Planned } from './record-writer.js';
import type { Call } from './sending.js';
import type { AvniSession } from './session.js';
import type { Setup } from './setup/setup.js';
import { shapeRecord } from './shape-record.js';
import { standing } from './standing.js';
import { lookUpRecord } from './stored-record.js';
import { checkTarget, expectType } from './check-target.js';
import type { AvniKind } from './settings.js';
import type { KeysWritten } from './keys-written.js';

/** What an Avni server says of a type that it does not know (observed). */
const TYPE_UNKNOWN = /(?:Subject type|Encounter type|Program) not found with name/;

/**
 * Writes one entity type to Avni: looks first, sends only what differs and what Avni will take,
 * voids what is no longer there.
 */
export class AvniDestination implements Destination {
  private readonly writer: RecordWriter;
  private readonly recent: RecentRecords;
  readonly standing?: NonNullable<Destination['standing']>;

  constructor(
    private readonly session: AvniSession,
    private readonly setup: Setup,
    private readonly keys: KeysWritten,
    private readonly target: Target,
    private readonly options: DestinationOptions,
    clockBound?: number,
  ) {
    this.recent = new RecentRecords(session, this.target, clockBound);
    this.writer = new RecordWriter(session, this.target, keys, options);
    if (target.origin !== undefined)
      this.standing = (entityType, from, limit, c) => standing(this.lister(), target, options, entityType, { from, limit }, c);
  }

  shape(_name: string, mapped: unknown): ReturnType<Destination['shape']> {
    return shapeRecord(mapped, this.target);
  }

  reference({ id }: Found): unknown {
    return id;
  }

  placeholder(): unknown {
    return PLACEHOLDER;
  }

  async find(refs: Ref[], c: Context): Promise<(Found[] | RecordError)[]> {
    const limit = pLimit(AT_ONCE);
    const call = this.call(c);
    return together<(Found[] | RecordError)[]>(
      refs.map((ref) => (each: Context) => limit(() => this.findOne(ref, { ...call, c: each }))),
      c,
    );
  }

  lookUp(questions: LookUp[], c: Context): Promise<(Found[] | RecordError)[]> {
    return lookUpAll(this.session, questions, this.call(c));
  }

  async write(requests: WriteRequest[], c: Context, arriving?: Arriving): Promise<WriteOutcome[]> {
    const call = this.call(c);
    const planned = await this.planAll(requests, call);
    const arrive = planned.flatMap(({ request, arrives }) => (arrives ? [request] : []));
    if (arriving && arrive.length > 0) await arriving(arrive);
    return this.withType(await writeEach(planned, AT_ONCE, (each) => this.writer.write(each, call)), call);
  }

  async plan(requests: WriteRequest[], c: Context): Promise<PlannedOutcome[]> {
    return (await this.planAll(requests, { ...this.call(c), dry: true })).map(({ outcome, works }) => {
      const changes = works.flatMap(({ sending, stored }) => (sending ? [plannedChange(this.target.kind, sending, stored)] : []));
      return changes.length > 0 ? { ...outcome, changes } : outcome;
    });
  }

  /** A type that was renamed while it was believed is no record's fault. */
  private async withType(outcomes: WriteOutcome[], { view, c }: Call): Promise<WriteOutcome[]> {
    const isUnknown = (outcome: WriteOutcome): boolean => outcome.kind === 'refused' && TYPE_UNKNOWN.test(outcome.error.detail ?? '');
    if (!outcomes.some(isUnknown)) return outcomes;
    try {
      await view.typesAgain(c);
      await expectType(this.target, view, c);
      return outcomes;
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      return outcomes.map((outcome) => (isUnknown(outcome) ? withSystemFailure('unavailable', error) : outcome));
    }
  }

  check(c: Context): Promise<SourceHealth> {
    return checkTarget(this.target, this.setup.view(), c);
  }

  private lister(): AvniLister {
    return new AvniLister(this.session, endpoints[this.target.kind], this.target.type);
  }

  private call(c: Context): Call {
    const lister = this.lister();
    let health: Promise<boolean> | undefined;
    return {
      view: this.setup.view(),
      isHealthy: () => (health ??= lister.isHealthy(c)),
      voided: new Map(),
      written: (externalId, record) => this.recent.note(externalId, record),
      c,
    };
  }

  private async planAll(requests: WriteRequest[], call: Call): Promise<Planned[]> {
    await expectType(this.target, call.view, call.c);
    const limit = pLimit(AT_ONCE);
    const recent = await this.recent.read(requests.length, call.c);
    const planned = await together<Planned[]>(
      requests.map((request) => (c: Context) => limit(() => this.writer.plan(request, { ...call, ...(recent ? { recent } : {}), c }))),
      call.c,
    );
    return refuseShared(planned);
  }

  private async findOne(ref: Ref, call: Call): Promise<Found[] | RecordError> {
    if ('key' in ref) return this.foundBy(isKind(ref.type) ? ref.type : this.target.kind, undefined, ref.key.value, call);
    const { entityType, id } = ref.origin;
    const known = getOwn(this.options.entityTypes, entityType);
    if (!known) return [];
    const target = targetOf(known.settings);
    if (!isRecordTarget(target)) return [];
    const { integration } = this.options;
    const name = ref.name ?? known.resourceNames[0] ?? 'main';
    const externalId = externalIdOf(integration, entityType, known, id, this.keys, name);
    if (externalId !== undefined) return this.foundBy(target.kind, target.type, externalId, call);
    const marked = await findByMark(this.session, originMarks({ integration, entityType, id }, name, known), target, call);
    if (marked === undefined || marked === 'unknown') return [];
    return 'code' in marked ? marked : [foundOf(target.kind, marked)];
  }

  private async foundBy(
    kind: AvniKind,
    type: string | undefined,
    externalId: string,
    { isHealthy, c }: Call,
  ): Promise<Found[] | RecordError> {
    const endpoint = endpoints[kind];
    const found = await lookUpRecord(this.session, endpoint, kind, externalId, isHealthy, c);
    if (found && 'code' in found) return found;
    if (!found || (type !== undefined && getOwn(found.row, endpoint.field) !== type)) return [];
    return [foundOf(kind, found)];
  }
}

function isKind(type: string): type is AvniKind {
  return Object.hasOwn(endpoints, type);
}

/** Of two records that claim one External ID the second is refused. */
function refuseShared(planned: Planned[]): Planned[] {
  const claimed = new Map<string, string>();
  return planned.map((each) => {
    const works = each.works.filter(({ kind }) => kind !== 'absent');
    const holder = works.flatMap(({ externalId }) => claimed.get(externalId) ?? [])[0];
    for (const { externalId, name } of works) if (!claimed.has(externalId)) claimed.set(externalId, originMark(each.request.origin, name));
    if (holder === undefined) return each;
    const error = sameKey(originMark(each.request.origin, works[0]?.name ?? 'main'), holder);
    return { ...each, works: [], arrives: false, outcome: { kind: 'refused', error } };
  });
}
