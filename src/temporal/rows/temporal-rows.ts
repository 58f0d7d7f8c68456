import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import type { ErrorsDefinition } from '../../definition/definition.js';
import type { Logger } from '../../log.js';
import { CHILDREN_WAITING, type RowStatus } from '../../../workflows/errored/status.js';
import type { ClassifiedError } from '../../model/classified-error.js';
import { keyOf } from '../../model/record-key.js';
import type { RecordErrored, RecordFailure, RecordHeld } from '../../sync/failures.js';
import { merelyWaits, PARENT_AWAITED } from '../../sync/parts.js';
import { countByName, type InStep, type OpenRow, type RetriedRows } from '../../sync/rows.js';
import { expectSendable } from '../payload-size.js';
import { isFailing, listRows, type ListedRow } from './list-rows.js';
import { nextLook, nextTry } from './next-try.js';
import { inParts } from './in-parts.js';
import { rowId } from './row-id.js';
import { sendToRow } from './send-to-row.js';
import { MAX_WAITING, type WaitingChild } from '../../model/waiting-child.js';
import { MAX_ID, MAX_LINK, MAX_RELEASED, type FailedMessage, type SyncedMessage } from '../../model/row-messages.js';

export interface TemporalRowsOptions {
  client: Client;
  /** Task queue on which new rows run. */
  taskQueue: string;
  log: Logger;
  process: string;
  digest: string;
  errors: ErrorsDefinition;
  /** Where a person sees the record, or undefined. */
  link(entityType: string, id: string): string | undefined;
  /** What its row is opened with; nothing where absent. */
  pinned?(entityType: string): Pinned;
  /** Who tells rows that their record is in step, or gone; which process does, where absent. */
  by?: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What messages to a row are judged by, from when it is opened. */
export interface Pinned {
  host?: string;
  clockBound?: number;
}

/** Messages to rows under way at once: more only queue at the server. */
const AT_ONCE = 16;

/**
 * Children without a list at their source that wait on one row: well below what a row lists, since
 * others may add to it meanwhile.
 */
const MOST_LISTED = MAX_WAITING / 2;
/**
 * Characters of the id of a child that is listed where its source has no list: a row lists fewer of
 * longer ones.
 */
const MAX_LISTED_ID = 200;

/** An open row, as it was listed or told since. */
export type OpenRecord = OpenRow &
  Pick<ListedRow, 'entityType' | 'id' | 'attempts' | 'digest' | 'errorType' | 'firstFailedAt' | 'mapping' | 'retryAt'>;

/**
 * The rows of a process as workflows on Temporal. What is open is listed once, when this is made.
 */
export class TemporalRows implements RetriedRows {
  private readonly known: Map<string, OpenRecord>;
  private readonly limit = pLimit(AT_ONCE);
  /** A record came in step on whose row children wait. */
  wakes = false;

  private constructor(
    private readonly options: TemporalRowsOptions,
    listed: ListedRow[],
  ) {
    this.known = new Map(listed.map((row) => [keyOf(row), row]));
  }

  /** One visibility call for each thousand open rows. */
  static async open(options: TemporalRowsOptions): Promise<TemporalRows> {
    return new TemporalRows(options, await listRows(options.client, options.process));
  }

  find(entityType: string, id: string): OpenRow | undefined {
    const row = this.known.get(keyOf({ entityType, id }));
    return row?.errorType === PARENT_AWAITED ? { ...row, awaits: true } : row;
  }

  /** What is open, by what was listed and told since. */
  get open(): OpenRecord[] {
    return [...this.known.values()];
  }

  /**
   * From what was listed anyway: no call of its own. A child that has a row of its own for want of
   * a list is held all the same.
   */
  countFailing(): number {
    return this.failingTypes().length;
  }

  failingByType(): Map<string, number> {
    return countByName(this.failingTypes());
  }

  async record(failures: RecordFailure[]): Promise<void> {
    if (failures.length === 0) return;
    // What failed first, then who waits on it.
    await this.all(failures.filter((failure) => failure.kind === 'errored').map((failure) => () => this.failed(failure, 1)));
    const held = new Map<string, RecordHeld[]>();
    for (const failure of failures) {
      if (failure.kind !== 'held') continue;
      const key = keyOf(failure.on);
      held.set(key, [...(held.get(key) ?? []), failure]);
    }
    const alone = [...held.values()].flatMap((children) => this.past(children));
    // One that has its row already is told by who tried it.
    const newly = alone.filter(({ entityType, id }) => !this.find(entityType, id));
    await this.all(newly.map((child) => () => this.failed({ ...child, kind: 'errored', error: child.alone }, 1)));
    await this.all(
      [...held.values()].map((children) => () => this.held(children.filter((child) => !alone.some((each) => each === child)))),
    );
  }

  async inStep(records: InStep[]): Promise<void> {
    const open = records.filter(({ entityType, id }) => this.find(entityType, id));
    await this.all(
      open.map((record) => async () => {
        this.wakes ||= (this.find(record.entityType, record.id)?.waiting ?? 0) > (record.released?.length ?? 0);
        await this.tellSettled(record, { synced: record }, record.released);
      }),
    );
  }

  /** A record that was tried again failed again. */
  async failedAgain(failure: RecordErrored): Promise<void> {
    const known = this.known.get(keyOf(failure));
    const same = known?.version === failure.version && known.digest === this.options.digest;
    await this.limit(() => this.failed(failure, same ? known.attempts + 1 : 1, true));
  }

  /** The children that wait on a record, from its row itself; none where it is closed. */
  async waitingOn(entityType: string, id: string): Promise<WaitingChild[] | 'all'> {
    const handle = this.options.client.workflow.getHandle(rowId(this.options.process, entityType, id));
    try {
      return (await handle.query<RowStatus>('status')).waiting;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return [];
      throw error;
    }
  }

  /** Tells a row that a try failed; `attempt` is its number under this version and definition. */
  private async failed(failure: RecordErrored, attempt: number, looked = false): Promise<void> {
    const { entityType, id, version, stamp, error } = failure;
    const { errors, digest, now, link } = this.options;
    const known = this.known.get(keyOf({ entityType, id }));
    const waits = merelyWaits(error.code);
    const firstFailedAt = known?.firstFailedAt ?? iso(now());
    const next = waits
      ? nextLook(Date.parse(firstFailedAt), error, errors, now(), Math.random())
      : nextTry(attempt, error, errors, now(), Math.random());
    const where = link(entityType, id);
    const message: FailedMessage = {
      version,
      // A source whose clock is ahead: what counts is which is newer.
      stamp: this.notAhead(stamp),
      digest,
      error,
      at: iso(now()),
      attempt,
      ...(next !== undefined ? { retryAt: iso(next) } : {}),
      ...(waits ? { waits } : {}),
      ...(error.then === 'ignore' ? { ignore: true as const } : {}),
      ...(where !== undefined && where.length <= MAX_LINK ? { link: where } : {}),
      ...(looked ? { looked } : {}),
    };
    const state = message.ignore ? 'ignored' : 'failing';
    if (known?.state !== state || known.errorType !== error.errorType) this.tell('warn', 'A record fails', entityType, id, error.errorType);
    // Known before it is told, since the next page is processed meanwhile.
    this.known.set(keyOf({ entityType, id }), {
      ...{ entityType, id, version, stamp, state },
      waiting: known?.waiting ?? 0,
      mapping: error.status === undefined,
      ...(message.retryAt !== undefined && !message.ignore ? { retryAt: message.retryAt } : {}),
      attempts: waits ? attempt - 1 : attempt,
      digest,
      errorType: error.errorType,
      firstFailedAt,
    });
    await this.send(entityType, id, { kind: 'failed', ...message });
  }

  /**
   * Tells a row that its record is in step, or gone; and which children were carried over since.
   * Passed over where it is closed already.
   */
  async settled(
    { entityType, id }: { entityType: string; id: string },
    how: { synced: InStep } | { gone: true },
    released?: WaitingChild[] | 'all',
  ): Promise<void> {
    await this.limit(() => this.tellSettled({ entityType, id }, how, released, true));
  }

  private async tellSettled(
    { entityType, id }: { entityType: string; id: string },
    how: { synced: InStep } | { gone: true },
    released: WaitingChild[] | 'all' | undefined,
    looked = false,
  ): Promise<void> {
    const handle = this.options.client.workflow.getHandle(rowId(this.options.process, entityType, id));
    // Those past what a row takes wait on, and are looked at anew.
    const told = released === 'all' ? released : released?.slice(0, MAX_RELEASED);
    const by = this.options.by ?? (looked ? 'retries' : 'changes');
    const common = { at: iso(this.options.now()), by, ...(told !== undefined ? { released: told } : {}) };
    const { version, stamp } = 'synced' in how ? how.synced : { version: '', stamp: '' };
    const [name, message] =
      'synced' in how
        ? (['synced', { version, stamp: this.notAhead(stamp), ...common, ...(looked ? { looked } : {}) } satisfies SyncedMessage] as const)
        : (['gone', common] as const);
    expectSendable(`What is told of a record of ${entityType}`, message);
    try {
      await handle.signal(name, message);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    this.settle(entityType, id, released);
  }

  /** Its row ends, unless children wait on it still. */
  private settle(entityType: string, id: string, released: WaitingChild[] | 'all' | undefined): void {
    const known = this.known.get(keyOf({ entityType, id }));
    if (known?.state === 'failing') this.tell('info', 'A record fails no more', entityType, id, known.errorType);
    const waiting = released === 'all' ? 0 : (known?.waiting ?? 0) - (released?.length ?? 0);
    if (known && waiting > 0)
      this.known.set(keyOf({ entityType, id }), {
        ...known,
        ...{ state: 'releasing', waiting, mapping: false, errorType: CHILDREN_WAITING, retryAt: iso(this.options.now()) },
      });
    else this.known.delete(keyOf({ entityType, id }));
  }

  /**
   * Those that no source could list once the row they wait on says no more than "all": each gets a
   * row of its own.
   */
  private past(children: RecordHeld[]): (RecordHeld & { alone: ClassifiedError })[] {
    const [first] = children;
    const waiting = first ? (this.find(first.on.entityType, first.on.id)?.waiting ?? 0) : 0;
    return children
      .filter(({ id: child }, index) => index >= MOST_LISTED - waiting || child.length > MAX_LISTED_ID)
      .filter((child): child is RecordHeld & { alone: ClassifiedError } => child.alone !== undefined);
  }

  private async held(children: RecordHeld[]): Promise<void> {
    const [first] = children;
    if (!first) return;
    const { entityType, id } = first.on;
    const waiting = children.map((child) => ({ entityType: child.entityType, id: child.id, version: child.version }));
    if (waiting.some((child) => child.id.length > MAX_ID)) throw new Error(`A record of ${entityType} has an id too long to be listed`);
    for (const children of inParts(waiting)) await this.send(entityType, id, { kind: 'waiting', at: iso(this.options.now()), children });
    const known = this.known.get(keyOf({ entityType, id }));
    if (known) known.waiting += waiting.length;
    // Nothing failed: a parent that is waited for, or about to arrive.
    else
      this.known.set(
        keyOf({ entityType, id }),
        waitedFor({ entityType, id }, waiting.length, this.options.digest, iso(this.options.now())),
      );
  }

  private notAhead(stamp: string): string {
    const now = iso(this.options.now());
    return stamp < now ? stamp : now;
  }

  private failingTypes(): string[] {
    return [...this.known.values()].filter(isFailing).map(({ errorType }) => errorType);
  }

  private tell(level: 'info' | 'warn', message: string, entityType: string, id: string, errorType: string): void {
    const { log, process } = this.options;
    log[level]({ process, entityType, id: id.slice(0, MAX_LISTED_ID), errorType }, message);
  }

  private async send(entityType: string, id: string, message: Parameters<typeof sendToRow>[2]): Promise<void> {
    const { client, taskQueue, process } = this.options;
    await sendToRow({ client, taskQueue }, { process, entityType, id, ...this.options.pinned?.(entityType) }, message);
  }

  private async all(works: (() => Promise<void>)[]): Promise<void> {
    await Promise.all(works.map((work) => this.limit(work)));
  }
}

function waitedFor(row: { entityType: string; id: string }, waiting: number, digest: string, at: string): OpenRecord {
  const nothing = { version: '', stamp: '', attempts: 0, errorType: CHILDREN_WAITING, mapping: false };
  return { ...row, ...nothing, state: 'releasing', waiting, digest, firstFailedAt: at, retryAt: at };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
