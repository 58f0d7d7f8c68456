import type { RetriedRows } from '../../sync/rows.js';

/** Of a state that is older than any: a row that knows of a failure takes it for old news. */
const NEVER = { version: '', stamp: '1970-01-01T00:00:00.000Z' };

/**
 * The mark of a record that is carried outside any workflow: it is put before anything is written, so that, were this process killed before it looked again, the error process
 * does. What became of the record takes it away again.
 */
export class Mark {
  private put: Promise<void> | undefined;

  constructor(
    private readonly record: { entityType: string; id: string },
    private readonly rows: Pick<RetriedRows, 'lookAgain' | 'settled'>,
  ) {}

  /** Puts it, once; resolves when it is durable. */
  ensure(): Promise<void> {
    return (this.put ??= this.rows.lookAgain([this.record]));
  }

  /** Takes it away where nobody was told what became of the record: the row that it opened closes, unless it tells of more by now. */
  async takeBack(): Promise<void> {
    if (!this.put) return;
    await this.put;
    await this.rows.settled(this.record, { synced: { ...this.record, ...NEVER } });
  }
}
