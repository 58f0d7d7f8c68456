import { SystemFailure } from '../../errors/system-failure.js';
import type {
  Arriving,
  Context,
  Destination,
  DestinationOptions,
  Found,
  LookedAhead,
  Origin,
  Owned,
  PlannedOutcome,
  PlanOptions,
  Ref,
  SourceHealth,
  Standing,
  WriteOutcome,
  WriteRequest,
} from '../connector.js';
import { together } from '../together.js';
import { validated } from './ask-validation.js';
import { missingCapabilities } from './capabilities-missing.js';
import { parsed } from './parsed.js';
import type { FhirClient } from './client.js';
import { findRefs } from './find.js';
import { versionBefore } from './history.js';
import { codesAround, codesOf, lookByKey, lookByTag, type Looked } from './look.js';
import { listOwn } from './list-own.js';
import { LookAhead } from './look-ahead.js';
import { stillConflicting, type Operation, type Planned } from './operations.js';
import type { PlanContext, SharedIds } from './plan-context.js';
import { planOne } from './plan-one.js';
import { plannedChanges } from './planned-changes.js';
import { outsideItsPart } from './part.js';
import { referenceTo, type StoredResource } from './resource.js';
import type { Searched } from './search.js';
import { placeholderFor } from './placeholders.js';
import { shapeResource } from './shape.js';
import { fhirDestinationSettings, typesOf, type FhirDestinationSettings } from './settings.js';
import { withSystemFailure } from '../system-outcome.js';
import { getOwn } from '../../model/keyed.js';
import { shareAll } from './shared.js';
import { standing } from './standing.js';
import { takeAway } from './take-away.js';
import { FhirWriter, type Written } from './writer.js';

/** Times a version conflict is looked at anew before the record counts as refused. */
const MOST_LOOKS = 3;

/**
 * Writes one entity type to a FHIR server: looks first, sends only what differs, removes what is no
 * longer there.
 */
export class FhirDestination implements Destination {
  private readonly settings: FhirDestinationSettings;
  private readonly types: string[];
  private readonly writer: FhirWriter;

  constructor(
    private readonly client: FhirClient,
    settings: unknown,
    private readonly options: DestinationOptions,
  ) {
    this.settings = fhirDestinationSettings.parse(settings);
    this.types = typesOf(this.settings);
    this.writer = new FhirWriter(client, this.settings.serverAdds);
  }

  shape(_name: string, mapped: unknown): ReturnType<Destination['shape']> {
    const shaped = shapeResource(mapped, this.types);
    const error = shaped && 'body' in shaped ? outsideItsPart(shaped.body as object, this.settings) : undefined;
    return error ? { error } : shaped;
  }

  reference(found: Found): unknown {
    return { reference: `${found.type}/${found.id}` };
  }

  placeholder(name: string): unknown {
    return placeholderFor(name);
  }

  find(refs: Ref[], c: Context): Promise<Found[][]> {
    return findRefs(this.client, this.options, refs, c);
  }

  standing(entityType: string, from: unknown, limit: number, c: Context): Promise<Standing> {
    return standing(this.client, this.options, entityType, { from, limit }, c);
  }

  lookAhead(origins: Origin[], c: Context): LookedAhead {
    return new LookAhead(origins, this.byTag(origins, c));
  }

  async write(requests: WriteRequest[], c: Context, arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]> {
    const outcomes = new Map<WriteRequest, WriteOutcome>();
    const shared = await this.share(requests, this.writer, c);
    let rest = requests;
    for (let round = 0; rest.length > 0; round += 1) {
      // What was looked for ahead serves once: after a conflict it is known to be old.
      const looked = round === 0 && ahead instanceof LookAhead ? await ahead.of(rest) : undefined;
      const isLast = round + 1 >= MOST_LOOKS;
      const conflicts = await this.writeRound(rest, outcomes, { arriving, looked, isLast, shared }, c).catch((error: unknown) => {
        if (round === 0 || !(error instanceof SystemFailure)) throw error;
        // Looking again failed: what was written before is still reported.
        for (const request of rest) outcomes.set(request, withSystemFailure('unavailable', error));
        return [];
      });
      if (!isLast) rest = conflicts;
      else {
        for (const request of conflicts) outcomes.set(request, stillConflicting);
        rest = [];
      }
    }
    return requests.map((request) => outcomes.get(request) ?? { kind: 'unavailable' });
  }

  /** Only warnings: many a statement is not true to its server. */
  async check(c: Context): Promise<SourceHealth> {
    try {
      const { text } = await this.client.read('metadata', 'The CapabilityStatement of the FHIR server', c);
      const keyed = Object.values(this.options.entityTypes).some((type) => type.keyed.length > 0);
      const needed = { types: this.types, bundle: this.client.settings.bundle, ids: this.client.settings.ids, keyed };
      return { problems: [], warnings: missingCapabilities(parsed(text), needed) };
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      const { code, message, remedy } = error;
      return { problems: [], warnings: [{ code, message, remedy }] };
    }
  }

  async plan(
    requests: WriteRequest[],
    c: Context,
    { asks = Number.POSITIVE_INFINITY, ahead }: PlanOptions = {},
  ): Promise<PlannedOutcome[]> {
    const looked = ahead instanceof LookAhead ? await ahead.of(requests) : undefined;
    const outcomes: PlannedOutcome[] = [];
    let left = asks;
    const formerly = this.formerlyOf(requests[0]?.origin);
    const comparing = { base: this.client.base, serverAdds: this.settings.serverAdds, formerly };
    for (const { request, plan } of await this.planAll(requests, await this.share(requests, undefined, c), c, looked)) {
      const known = 'outcome' in plan ? plan.outcome : plan.again;
      if (known || !('done' in plan)) outcomes.push(known ?? { kind: 'unavailable' });
      else {
        const outcome = left > 0 ? await validated(this.client, plan, c) : plan.done;
        left -= 1;
        outcomes.push(outcome.kind === 'refused' ? outcome : { ...outcome, changes: plannedChanges(plan.operations, request, comparing) });
      }
    }
    return outcomes;
  }

  listOwn(entityType: string, c: Context): AsyncIterable<Owned[]> {
    return listOwn(this.client, { ...this.options, settings: this.settings, entityType }, c);
  }

  private firstNameOf(origin: Origin | undefined): string {
    return this.typeOf(origin).resourceNames[0] ?? 'main';
  }

  private formerlyOf(origin: Origin | undefined): string[] {
    return this.typeOf(origin).formerly;
  }

  private typeOf(origin: Origin | undefined): Pick<DestinationOptions['entityTypes'][string], 'formerly' | 'resourceNames' | 'keyed'> {
    return getOwn(this.options.entityTypes, origin?.entityType ?? '') ?? { formerly: [], resourceNames: [], keyed: [] };
  }

  private async share(requests: WriteRequest[], writer: FhirWriter | undefined, c: Context): Promise<Map<WriteRequest, SharedIds>> {
    const each = await shareAll(this.client, requests, writer, c);
    return new Map(requests.map((request, index) => [request, each[index] ?? new Map<string, string>()]));
  }

  private byTag(origins: Origin[], c: Context): Promise<Looked> {
    return lookByTag(this.client, origins, this.types, this.formerlyOf(origins[0]), c);
  }

  /** Looks, and works out what each request comes to. */
  private async planAll(
    requests: WriteRequest[],
    shared: ReadonlyMap<WriteRequest, SharedIds>,
    c: Context,
    ahead?: Looked,
  ): Promise<{ request: WriteRequest; plan: Planned }[]> {
    const formerly = this.formerlyOf(requests[0]?.origin);
    const origins = requests.map(({ origin }) => origin);
    const [looked, keyed] = await together<[Looked, Searched[]]>(
      [async (each) => ahead ?? this.byTag(origins, each), (each) => lookByKey(this.client, requests.map(withoutShared), each)],
      c,
    );
    for (const each of keyed) looked.addKeyed(each);
    const { base, keepsMeta, settings: ownSettings } = this.client;
    const isKeyed = requests.some(({ resources }) => resources.some(({ key, shared: all }) => key !== undefined && !all));
    const context: PlanContext = {
      ...{
        base,
        ids: ownSettings.ids,
        keepsMeta,
        formerly,
        looked,
        settings: this.settings,
        firstName: this.firstNameOf(requests[0]?.origin),
      },
      keyed: this.typeOf(requests[0]?.origin).keyed,
      claimed: new Map(),
      shared,
      inCall: new Set(isKeyed ? origins.flatMap((origin) => codesOf(origin, formerly)) : []),
      before: new Map(),
    };
    const plans = new Map<WriteRequest, Planned>();
    // A plan asks only for what is not known yet, so this comes to an end.
    for (let rest = requests; rest.length > 0;) {
      const needing: { request: WriteRequest; before: StoredResource[] }[] = [];
      for (const request of rest) {
        const plan = planOne(request, context);
        if ('before' in plan) needing.push({ request, before: plan.before });
        else plans.set(request, plan);
      }
      await this.lookBefore(needing, context, c);
      rest = needing.map(({ request }) => request);
    }
    return requests.flatMap((request) => {
      const plan = plans.get(request);
      return plan ? [{ request, plan }] : [];
    });
  }

  /** Reads what was there before resources were taken over. */
  private async lookBefore(
    needing: { request: WriteRequest; before: StoredResource[] }[],
    { before, formerly }: PlanContext,
    c: Context,
  ): Promise<void> {
    const wanted = needing.flatMap(({ request, before: some }) =>
      some.map((resource) => ({ resource, codes: codesAround(resource, request, formerly) })),
    );
    await together<void[]>(
      wanted.map(({ resource, codes }) => async (each) => {
        before.set(referenceTo(resource), await versionBefore(this.client, resource, codes, each));
      }),
      c,
    );
  }

  /**
   * @returns the requests to look at again: their resources changed between look and write, or a
   * key may be free now.
   */
  private async writeRound(
    requests: WriteRequest[],
    outcomes: Map<WriteRequest, WriteOutcome>,
    { arriving, looked, isLast, shared }: Round,
    c: Context,
  ): Promise<WriteRequest[]> {
    const works: { request: WriteRequest; work: Extract<Planned, { operations: unknown }> }[] = [];
    const waiting: WriteRequest[] = [];
    for (const { request, plan } of await this.planAll(requests, shared, c, looked)) {
      if (!('outcome' in plan)) works.push({ request, work: plan });
      else {
        outcomes.set(request, plan.outcome);
        if (plan.again) waiting.push(request);
      }
    }
    const arrive = works.flatMap(({ request, work }) => (arrives(work.done) ? [request] : []));
    if (arriving && arrive.length > 0) await arriving(arrive);
    const written = await this.writer.write(
      works.map(({ work }) => work),
      c,
    );
    const again: WriteRequest[] = [];
    for (const [index, { request, work }] of works.entries()) {
      let outcome: Written = written[index] ?? { kind: 'unavailable' };
      if (outcome === work.done) outcome = (await this.takeAway(work.operations, c)) ?? work.done;
      if (outcome.kind === 'conflict') again.push(request);
      else if (outcome !== work.done || !work.again) outcomes.set(request, outcome);
      else {
        outcomes.set(request, work.again);
        if (!isLast) again.push(request);
      }
    }
    return works.length > 0 && !isLast ? [...again, ...waiting] : again;
  }

  /** @returns what went wrong, if anything did. */
  private async takeAway(operations: Operation[], c: Context): Promise<WriteOutcome | undefined> {
    for (const operation of operations) {
      const wrong = await takeAway(this.client, operation, c);
      if (wrong) return wrong;
    }
    return undefined;
  }
}

/** One look at requests, and what is done then. */
interface Round {
  arriving: Arriving | undefined;
  /** What was looked for ahead. */
  looked: Looked | undefined;
  isLast: boolean;
  shared: ReadonlyMap<WriteRequest, SharedIds>;
}

/** What is looked for with its shared resources is not looked for again. */
function withoutShared(request: WriteRequest): WriteRequest {
  return request.resources.some(({ shared }) => shared)
    ? { ...request, resources: request.resources.filter(({ shared }) => !shared) }
    : request;
}

function arrives(done: WriteOutcome): boolean {
  return done.kind === 'created' || (done.kind === 'updated' && done.revived === true);
}
