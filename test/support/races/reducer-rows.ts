import type { RecordErrored, RecordFailure } from '../../../src/sync/failures.js';
import { countByName, type InStep, type OpenRow, type RetriedRows } from '../../../src/sync/rows.js';
import type { WaitingChild } from '../../../src/model/waiting-child.js';
import { merelyWaits } from '../../../src/sync/parts.js';
import { newRow, reduceRow, type RowState } from '../../../workflows/errored/row.js';
import { rowMemo } from '../../../workflows/errored/status.js';
import type { RowMessage, SyncedMessage } from '../../../src/model/row-messages.js';

type Where = { entityType: string; id: string };

/**
 * Rows as their workflows keep them, by the same reducer, one message after the other; those that
 * end are no longer in it.
 */
export class ReducerRows implements RetriedRows {
  readonly open = new Map<string, RowState>();
  /** How each ended, in order. */
  readonly ended: string[] = [];
  /** Called before a message is delivered. */
  before: (message: string) => Promise<void> = async () => undefined;
  private clock = Date.UTC(2026, 5, 1);

  now(): string {
    this.clock += 1_000;
    return new Date(this.clock).toISOString();
  }

  get(entityType: string, id: string): RowState | undefined {
    return this.open.get(`${entityType} ${id}`);
  }

  find(entityType: string, id: string): OpenRow | undefined {
    const row = this.get(entityType, id);
    return row && rowMemo(row);
  }

  countFailing(): number {
    return [...this.open.values()].filter(({ state }) => state === 'failing').length;
  }

  failingByType(): Map<string, number> {
    return countByName(
      [...this.open.values()].flatMap(({ state, failure }) => (state === 'failing' ? [failure?.error.errorType ?? ''] : [])),
    );
  }

  async record(failures: RecordFailure[]): Promise<void> {
    for (const failure of failures)
      if (failure.kind === 'errored') await this.failed(failure, 1);
      else await this.send(failure.on, { kind: 'waiting', at: this.now(), children: [childOf(failure)] });
  }

  async inStep(records: InStep[]): Promise<void> {
    for (const record of records) if (this.find(record.entityType, record.id)) await this.tellSynced(record, record);
  }

  async failedAgain(failure: RecordErrored): Promise<void> {
    const row = this.get(failure.entityType, failure.id);
    await this.failed(failure, row?.failure?.version === failure.version ? row.attempts + 1 : 1);
  }

  async waitingOn(entityType: string, id: string): Promise<WaitingChild[] | 'all'> {
    return this.get(entityType, id)?.waiting ?? [];
  }

  async settled(where: Where, how: { synced: InStep } | { gone: true }, released?: WaitingChild[] | 'all'): Promise<void> {
    if (!this.get(where.entityType, where.id)) return;
    const common = { at: this.now(), ...(released ? { released } : {}) };
    if ('gone' in how) return this.send(where, { kind: 'gone', ...common });
    await this.tellSynced(where, how.synced, common);
  }

  private async tellSynced(where: Where, { version, stamp }: InStep, more: Partial<SyncedMessage> = {}): Promise<void> {
    await this.send(where, { kind: 'synced', version, stamp, at: this.now(), ...more });
  }

  private async failed({ entityType, id, version, stamp, error }: RecordErrored, attempt: number): Promise<void> {
    const at = this.now();
    await this.send(
      { entityType, id },
      {
        kind: 'failed',
        version,
        stamp,
        digest: 'd',
        error,
        at,
        attempt,
        retryAt: at,
        ...(merelyWaits(error.code) ? { waits: true } : {}),
      },
    );
  }

  private async send({ entityType, id }: Where, message: RowMessage): Promise<void> {
    await this.before(`${message.kind} ${entityType} ${id}`);
    const row = reduceRow(this.get(entityType, id) ?? newRow({ process: 'p/q', entityType, id }, message.at), message);
    if (row.ended === undefined) return void this.open.set(`${entityType} ${id}`, row);
    this.open.delete(`${entityType} ${id}`);
    this.ended.push(`${entityType} ${id} ${row.ended}`);
  }
}

function childOf({ entityType, id, version }: WaitingChild): WaitingChild {
  return { entityType, id, version };
}
