import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { parseJson } from '../../http/parse-json.js';
import { isObject } from '../../model/is-object.js';
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
import { checkTarget, expectType } from './check-target.js';
import type { Target } from './destination-settings.js';
import { externalIdOf, unusableKey } from './external-id.js';
import { incidentOf, sickFailure } from './failure.js';
import { jsonIn } from './json-in.js';
import { PLACEHOLDER } from './placeholder.js';
import { plannedChange } from './planned-changes.js';
import { planTask, readTask, showsTask, type StoredTask, type TaskPlan } from './plan-task.js';
import { refusalOf } from './refusal.js';
import type { AvniSession } from './session.js';
import type { Setup } from './setup/setup.js';
import { shapeRecord } from './shape-record.js';
import { AS_STORED } from './stored-record.js';

const SIZE = 1000;

const page = z.object({ content: z.array(z.unknown()), totalPages: z.number().int().nonnegative() });

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
    const stored = await this.list(c);
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
    return (await this.planAll(requests, c)).map(({ outcome, body, stored }) =>
      body ? { ...outcome, changes: [plannedChange('task', { method: 'POST', body }, stored)] } : outcome,
    );
  }

  check(c: Context): Promise<SourceHealth> {
    return checkTarget(this.target, this.setup.view(), c);
  }

  private async planAll(requests: WriteRequest[], c: Context): Promise<TaskPlan[]> {
    const view = this.setup.view();
    await expectType(this.target, view, c);
    const stored = await this.list(c);
    const plans: TaskPlan[] = [];
    const claimed = new Set<string>();
    for (const request of requests) {
      const [resource] = request.resources;
      const externalId = resource?.key?.value ?? this.derived(request.origin.entityType, request.origin.id, resource?.name);
      const unusable = externalId === undefined ? keyNotKnown : (unusableKey(externalId) ?? (claimed.has(externalId) ? twice : undefined));
      const task = externalId === undefined ? undefined : stored.get(externalId);
      const strange = unusable ?? (resource?.key && task && !request.adopt ? notAdopted : undefined);
      if (strange || externalId === undefined) plans.push({ outcome: { kind: 'refused', error: strange ?? keyNotKnown }, arrives: false });
      else {
        claimed.add(externalId);
        const planning = { externalId, type: this.target.type, stored: task, view, c };
        plans.push({ ...(await planTask(resource?.body, request.action, planning)), ...(task ? { stored: task } : {}) });
      }
    }
    return plans;
  }

  private async send({ body, outcome, wanted }: TaskPlan, c: Context): Promise<WriteOutcome> {
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
    return 'ids' in outcome ? { ...outcome, ids: { main: read.id } } : outcome;
  }

  private derived(entityType: string, id: string, name?: string): string | undefined {
    const known = getOwn(this.options.entityTypes, entityType);
    return known && externalIdOf(this.options.integration, entityType, known, id, undefined, name);
  }

  /** All tasks of the type by External ID. @throws SystemFailure, Cancelled */
  private async list(c: Context): Promise<Map<string, StoredTask>> {
    const found = new Map<string, StoredTask>();
    for (const isOver of ['false', 'true'])
      for (let [number, pages] = [0, 1]; number < pages; number += 1) {
        const { content, totalPages } = await this.page(isOver, number, c);
        pages = totalPages;
        for (const each of content) {
          const task = readTask(each);
          if (task?.externalId !== undefined) found.set(task.externalId, task);
        }
      }
    return found;
  }

  private async page(isTerminalStatus: string, number: number, c: Context): Promise<z.infer<typeof page>> {
    const place = `Listing tasks “${this.target.type}” of Avni`;
    const query = {
      type: this.target.type,
      isTerminalStatus,
      metadata: '{}',
      page: String(number),
      size: String(SIZE),
      version: AS_STORED,
    };
    const { answer, verdict } = await settle(
      () => this.session.get('/api/tasks', query, c),
      (response) => ({ ...incidentOf(response, 'read page'), several: false }),
      () => Promise.resolve(false),
    );
    if (verdict.kind !== 'done') throw await sickFailure(this.session, systemCodeOf(verdict), answer, place, c);
    return parseJson(answer, page, place);
  }

  private async isHealthy(c: Context): Promise<boolean> {
    try {
      return isObject(await this.page('false', 0, c));
    } catch (error) {
      // Whoever may not list them is told so.
      if (error instanceof SystemFailure && error.code !== 'Forbidden') return false;
      throw error;
    }
  }
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

const twice: RecordError = {
  code: 'KeyCollision',
  message: 'Another task has the same key.',
  remedy: 'Correct the key in the one of the two records where it is wrong.',
};

const notShown: RecordError = {
  code: 'NotWritten',
  message: 'Avni answered that it has written the task, but does not show it as it was sent.',
  remedy: 'See whether a proxy stands before Avni, and what its version does with such a field.',
};
