import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { getOwn } from '../../model/keyed.js';
import type {
  Arriving,
  Context,
  Destination,
  DestinationOptions,
  Found,
  PlannedOutcome,
  Ref,
  SourceHealth,
  WriteOutcome,
  WriteRequest,
} from '../connector.js';
import { withVerdict } from '../system-outcome.js';
import { writeEach } from '../write-each.js';
import { AT_ONCE } from './at-once.js';
import { checkParent, refusedBy } from './check-parent.js';
import { checkTarget, expectType } from './check-target.js';
import type { Target } from './destination-settings.js';
import { externalIdOf, unusableKey } from './external-id.js';
import { incidentOf, sickFailure } from './failure.js';
import { jsonIn } from './json-in.js';
import type { KeysWritten } from './keys-written.js';
import { askTasks, listTasks } from './list-tasks.js';
import { originMark, originMarks, sameKey } from './origin-mark.js';
import { PLACEHOLDER } from './placeholder.js';
import { plannedChange } from './planned-changes.js';
import { planTask, readTask, showsTask, type StoredTask, type TaskPlan } from './plan-task.js';
import { refusalOf } from './refusal.js';
import type { Call } from './sending.js';
import type { AvniSession } from './session.js';
import type { Setup } from './setup/setup.js';
import { shapeRecord } from './shape-record.js';
import { AS_STORED } from './stored-record.js';

/** What becomes of one; of one with a key, who has it where. */
interface Planned extends TaskPlan {
  claim?: { mark: string; key: string; place: string };
}

type Asking = Pick<Call, 'view' | 'isHealthy' | 'voided' | 'dry' | 'c'>;

/**
 * Writes tasks to Avni. Its API gives no single task, and does not say when one was changed; each
 * write gives a task another id, also where nothing changes. So all tasks of the type are listed
 * before any is written.
 */
export class TaskDestination implements Destination {
  private readonly target: Target<'task'>;

  constructor(
    private readonly session: AvniSession,
    private readonly setup: Setup,
    private readonly keys: KeysWritten,
    type: string,
    private readonly options: DestinationOptions,
  ) {
    this.target = { kind: 'task', type };
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

  async find(refs: Ref[], c: Context): Promise<Found[][]> {
    const stored = await listTasks(this.session, this.target.type, c);
    return refs.map((ref) => {
      const { entityType, id } = 'origin' in ref ? ref.origin : { entityType: '', id: '' };
      const task = stored.get('key' in ref ? ref.key.value : (this.derived(entityType, id, ref.name) ?? ''));
      return task ? [{ type: 'task', id: task.id, ...(task.voided ? { removed: true } : {}) }] : [];
    });
  }

  async write(requests: WriteRequest[], c: Context, arriving?: Arriving): Promise<WriteOutcome[]> {
    const plans = await this.planAll(requests, c);
    const arrive = requests.filter((_request, index) => plans[index]?.arrives === true);
    if (arriving && arrive.length > 0) await arriving(arrive);
    return writeEach(plans, AT_ONCE, (plan) => this.send(plan, c));
  }

  async plan(requests: WriteRequest[], c: Context): Promise<PlannedOutcome[]> {
    return (await this.planAll(requests, c, true)).map(({ outcome, body, stored }) =>
      body ? { ...outcome, changes: [plannedChange('task', { method: 'POST', body }, stored)] } : outcome,
    );
  }

  check(c: Context): Promise<SourceHealth> {
    return checkTarget(this.target, this.setup.view(), c);
  }

  private async planAll(requests: WriteRequest[], c: Context, isDry = false): Promise<Planned[]> {
    const view = this.setup.view();
    await expectType(this.target, view, c);
    const stored = await listTasks(this.session, this.target.type, c);
    const plans: Planned[] = [];
    const claimed = new Map<string, string>();
    const asking: Asking = { view, isHealthy: () => this.isHealthy(c), voided: new Map(), c, ...(isDry ? { dry: true } : {}) };
    for (const request of requests) {
      const plan = await this.planOne(request, stored, claimed, asking);
      if (plan.claim && plan.outcome.kind === 'unchanged') this.keys.note(plan.claim.mark, plan.claim.key, plan.claim.place);
      plans.push(plan);
    }
    return plans;
  }

  /** Changes `claimed`: which record has each External ID of this call. */
  private async planOne(
    { origin, resources: [resource], action, adopt }: WriteRequest,
    stored: ReadonlyMap<string, StoredTask>,
    claimed: Map<string, string>,
    asking: Asking,
  ): Promise<Planned> {
    const known = getOwn(this.options.entityTypes, origin.entityType);
    const name = resource?.name ?? known?.resourceNames[0] ?? 'main';
    const marks = originMarks(origin, name, known);
    const mark = originMark(origin, name);
    const key = resource?.key?.value;
    if (key !== undefined && !asking.dry) this.keys.bring(mark, key);
    const externalId = key ?? this.derived(origin.entityType, origin.id, name);
    if (externalId === undefined) return refused(keyNotKnown);
    const task = stored.get(externalId);
    const place = `task\0${externalId}`;
    const isKeyed = key !== undefined || known?.keyed.includes(name) === true;
    const before = isKeyed && task?.voided === false ? this.keys.holderOf(place) : undefined;
    const other = before !== undefined && !marks.includes(before) && !this.keys.hasMoved(before, [externalId]) ? before : undefined;
    if (action !== 'upsert' && other !== undefined) return { outcome: { kind: 'absent' }, arrives: false };
    const holder = claimed.get(externalId) ?? other;
    const error = unusableKey(externalId) ?? (holder === undefined ? undefined : sameKey(mark, holder));
    if (error) return refused(error);
    const isOurs = before !== undefined && marks.includes(before);
    if (task && !isOurs && key !== undefined && !adopt) return refused(notAdopted);
    claimed.set(externalId, mark);
    const plan = await planTask(resource?.body, action, {
      externalId,
      type: this.target.type,
      stored: task,
      view: asking.view,
      c: asking.c,
    });
    const orphaned = plan.arrives && plan.body ? await checkParent(plan.body, 'task', this.session, asking) : undefined;
    if (orphaned) return refused(orphaned);
    return { ...plan, ...(task ? { stored: task } : {}), ...(isKeyed ? { claim: { mark, key: externalId, place } } : {}) };
  }

  private async send({ body, outcome, wanted, claim }: Planned, c: Context): Promise<WriteOutcome> {
    if (!body) return outcome;
    const { answer, verdict } = await settle(
      () => this.session.write('POST', '/api/task', AS_STORED, body, c),
      (response) => incidentOf(response, 'write'),
      () => this.isHealthy(c),
    );
    if (verdict.kind === 'record' || verdict.kind === 'conflict') return { kind: 'refused', error: refusalOf(answer) };
    if (verdict.kind !== 'done') {
      const failure = await sickFailure(this.session, systemCodeOf(verdict), answer, 'Writing to Avni', c);
      return withVerdict(verdict, failure);
    }
    const read = readTask(jsonIn(answer.text));
    // It is sent again only after another look: a task that was written is found unchanged then.
    if (!read || !wanted || !showsTask(read, wanted)) return { kind: 'refused', error: notShown };
    if (claim && wanted.voided) this.keys.release(claim.mark, claim.place);
    else if (claim) this.keys.note(claim.mark, claim.key, claim.place);
    return 'ids' in outcome ? { ...outcome, ids: { main: read.id } } : outcome;
  }

  private derived(entityType: string, id: string, name?: string): string | undefined {
    const known = getOwn(this.options.entityTypes, entityType);
    return known && externalIdOf(this.options.integration, entityType, known, id, this.keys, name);
  }

  private async isHealthy(c: Context): Promise<boolean> {
    try {
      await askTasks(this.session, this.target.type, 'false', 0, c);
      return true;
    } catch (error) {
      // Whoever may not list them is told so.
      if (error instanceof SystemFailure && error.code !== 'Forbidden') return false;
      throw error;
    }
  }
}

function refused(error: RecordError): Planned {
  return { outcome: refusedBy(error), arrives: false };
}

const keyNotKnown: RecordError = {
  code: 'KeyNotKnown',
  message: 'The task is to be taken away, and its key is not known.',
  remedy: 'Void it in Avni, and ignore this row; or give the type whenNoLonger: keep and whenVoided: keep.',
};

const notAdopted: RecordError = {
  code: 'NotAdopted',
  message: 'Avni has a task under this key, and does not tell who made it.',
  remedy: 'Set adopt: true for this entity type to take such tasks over, or correct the key.',
};

const notShown: RecordError = {
  code: 'NotWritten',
  message: 'Avni answered that it has written the task, but does not show it as it was sent.',
  remedy: 'See whether a proxy stands before Avni, and what its version does with such a field.',
};
