import type { Context } from '../connectors/connector.js';
import type { RecordFailure } from './failures.js';
import { PARENT_AWAITED } from './parts.js';
import { countByName, type InStep, type OpenRow, type Rows } from './rows.js';

/**
 * Rows that live and end with this object: for looking at records without keeping anything, and for
 * tests.
 */
export class MemoryRows implements Rows {
  readonly rows = new Map<string, OpenRow & { failure?: RecordFailure }>();

  find(entityType: string, id: string): OpenRow | undefined {
    return this.rows.get(`${entityType} ${id}`);
  }

  countFailing(): number {
    return this.failing().length;
  }

  failingByType(): Map<string, number> {
    return countByName(this.failing().flatMap(({ failure }) => (failure?.kind === 'errored' ? [failure.error.errorType] : [])));
  }

  private failing(): (OpenRow & { failure?: RecordFailure })[] {
    return [...this.rows.values()].filter(({ state, awaits }) => state === 'failing' && !awaits);
  }

  async record(failures: RecordFailure[], _c: Context): Promise<void> {
    for (const failure of failures) {
      const { entityType, id } = failure.kind === 'held' ? failure.on : failure;
      const known = this.find(entityType, id);
      if (failure.kind === 'errored')
        this.rows.set(`${entityType} ${id}`, {
          version: failure.version,
          stamp: failure.stamp,
          state: failure.error.then === 'ignore' ? 'ignored' : 'failing',
          waiting: known?.waiting ?? 0,
          ...(failure.error.code === PARENT_AWAITED ? { awaits: true as const } : {}),
          failure,
        });
      else if (known) known.waiting += 1;
      else this.rows.set(`${entityType} ${id}`, { version: '', stamp: failure.stamp, state: 'releasing', waiting: 1 });
    }
  }

  async inStep(records: InStep[], _c: Context): Promise<void> {
    for (const { entityType, id } of records) this.rows.delete(`${entityType} ${id}`);
  }
}
