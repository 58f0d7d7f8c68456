import type { RecordErrored, RecordFailure } from '../../../src/sync/failures.js';
import { PARENT_AWAITED } from '../../../src/sync/parts.js';
import { countByName, type InStep, type OpenRow, type RetriedRows } from '../../../src/sync/rows.js';
import type { WaitingChild } from '../../../src/model/waiting-child.js';
import type { At } from './fake-source.js';

interface Row {
  failure?: RecordErrored;
  state: OpenRow['state'];
  waiting: Map<string, WaitingChild>;
}

function awaits(row: Row | undefined): boolean {
  return row?.failure?.error.code === PARENT_AWAITED;
}

function isFailing(row: Row | undefined): boolean {
  return row?.state === 'failing' && !awaits(row);
}

/** The durable rows; an execution sees them through `open`. */
export class FakeRows {
  readonly rows = new Map<string, Row>();
  /** What was told, e.g. `errored A a1`, `held B b1 on A a1`. */
  readonly told: string[] = [];

  constructor(readonly at: At = async () => undefined) {}

  /**
   * What an execution has of them: what is open now, but for those in `unseen`, since lists lag.
   */
  open(unseen: ReadonlySet<string> = new Set()): RetriedRows {
    const known = new Set([...this.rows.keys()].filter((key) => !unseen.has(key)));
    return {
      find: (entityType, id) => {
        const key = `${entityType} ${id}`;
        const row = known.has(key) ? this.rows.get(key) : undefined;
        return (
          row && {
            ...{ version: row.failure?.version ?? '', stamp: row.failure?.stamp ?? '', state: row.state, waiting: row.waiting.size },
            ...(awaits(row) ? { awaits: true } : {}),
          }
        );
      },
      countFailing: () => [...known].filter((key) => isFailing(this.rows.get(key))).length,
      failingByType: () =>
        countByName(
          [...known].flatMap((key) => (isFailing(this.rows.get(key)) ? [this.rows.get(key)?.failure?.error.errorType ?? ''] : [])),
        ),
      record: async (failures) => {
        for (const failure of failures) {
          await this.at('record');
          known.add(this.take(failure));
        }
      },
      inStep: async (records) => {
        for (const record of records) {
          if (!known.has(`${record.entityType} ${record.id}`)) continue;
          await this.at('in step');
          this.release(record, record.released ?? []);
          this.settle(record);
        }
      },
      failedAgain: async (failure) => void known.add(this.take(failure)),
      waitingOn: async (entityType, id) => [...(this.rows.get(`${entityType} ${id}`)?.waiting.values() ?? [])],
      settled: async ({ entityType, id }, how, released) => {
        this.release({ entityType, id }, Array.isArray(released) ? released : []);
        this.settle('synced' in how ? how.synced : { entityType, id, version: '', stamp: '~' });
      },
    };
  }

  /** Whether a record waits on any row. */
  isHeld(entityType: string, id: string): boolean {
    return [...this.rows.values()].some(({ waiting }) => waiting.has(`${entityType} ${id}`));
  }

  private take(failure: RecordFailure): string {
    const of = failure.kind === 'held' ? failure.on : failure;
    const key = `${of.entityType} ${of.id}`;
    this.told.push(failure.kind === 'held' ? `held ${failure.entityType} ${failure.id} on ${key}` : `errored ${key}`);
    const row: Row = this.rows.get(key) ?? { state: 'releasing', waiting: new Map() };
    this.rows.set(key, row);
    const { entityType, id, version } = failure;
    if (failure.kind === 'held') row.waiting.set(`${entityType} ${id}`, { entityType, id, version });
    else if (!row.failure || row.failure.stamp <= failure.stamp) {
      Object.assign(row, { failure, state: failure.error.then === 'ignore' ? 'ignored' : 'failing' });
    }
    return key;
  }

  private release({ entityType, id }: { entityType: string; id: string }, released: WaitingChild[]): void {
    const row = this.rows.get(`${entityType} ${id}`);
    for (const child of released)
      if (row?.waiting.get(`${child.entityType} ${child.id}`)?.version === child.version)
        row.waiting.delete(`${child.entityType} ${child.id}`);
  }

  private settle({ entityType, id, stamp }: InStep): void {
    const key = `${entityType} ${id}`;
    const row = this.rows.get(key);
    if (!row || (row.failure && stamp < row.failure.stamp)) return;
    delete row.failure;
    row.state = 'releasing';
    if (row.waiting.size === 0) this.rows.delete(key);
  }
}
