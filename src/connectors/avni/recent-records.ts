import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { readJson, writeJson } from '../../json/json.js';
import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Context, Instant } from '../connector.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { moved } from './lister.js';
import type { AvniSession } from './session.js';
import { AS_STORED, readRecord, type Body, type StoredRecord } from './stored-record.js';

/** Before any record, and after all of them. */
const EVER = '1970-01-01T00:00:00.000Z';
const END = '2999-01-01T00:00:00.000Z';
/** The server's silent cap (Avni server, observed). */
const SIZE = 1000;
/**
 * A row of a list takes a server about 1 ms, a record by itself about 8 (Avni server, observed).
 */
const ROWS_FOR_ONE = 8;
/** Fewer records at once are looked for one by one. */
const FEW = 20;
/** Rows that are kept, as texts of about a kilobyte. */
const MOST = 50_000;
/** Milliseconds: rows may be committed so much later than they are stamped. */
const LATE = 2_000;
/** Milliseconds that the clocks may differ by which stamps are made, and the worker's. */
const CLOCK_BOUND = 5_000;
/**
 * Milliseconds without use after which nothing is kept, and for which a list that fails is left
 * alone.
 */
const REST = 600_000;

const page = z.object({ content: z.array(z.unknown()), totalPages: z.number().int().nonnegative() });

/** What lists showed of the records of one type, by External ID. */
export interface Listed {
  /** Undefined: no list showed it. */
  get(externalId: string): StoredRecord | undefined;
  /** Whether what no list showed is not there. */
  whole: boolean;
}

/**
 * The records of one type, read by their list where that costs the server less than asking for
 * each: once that many were asked for one by one. What was read is kept, and only what has changed
 * since is read again. It is a hint of what has to be written: whoever writes over what others own
 * looks at the record itself.
 */
export class RecentRecords {
  private readonly rows = new Map<string, string>();
  private readTo: Instant | undefined;
  private asked = 0;
  private whole = true;
  private usedAt = 0;
  private restsUntil = 0;

  constructor(
    private readonly session: AvniSession,
    private readonly target: Target,
    private readonly clockBound = CLOCK_BOUND,
  ) {}

  /** @returns undefined where each record is to be asked for. @throws Cancelled */
  async read(wanted: number, c: Context): Promise<Listed | undefined> {
    const now = Date.now();
    if (now - this.usedAt > REST) this.forget();
    if (now < this.restsUntil || (this.readTo === undefined && wanted < FEW)) return undefined;
    this.usedAt = now;
    try {
      if (this.readTo === undefined && !(await this.isWorthIt(wanted, c))) return undefined;
      await this.refresh(c);
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      // Whoever asks for one record is told why.
      this.forget();
      this.restsUntil = now + REST;
      return undefined;
    }
    return { get: (externalId) => this.get(externalId), whole: this.whole };
  }

  /** A record as it was written now. */
  note(externalId: string, { row }: StoredRecord): void {
    if (this.readTo !== undefined) this.rows.set(externalId, writeJson(row));
  }

  private get(externalId: string): StoredRecord | undefined {
    const text = this.rows.get(externalId);
    const read = text === undefined ? undefined : readRecord(readJson(text), this.target.kind);
    return read && !('odd' in read) ? read : undefined;
  }

  private async isWorthIt(wanted: number, c: Context): Promise<boolean> {
    // Of one row each, there are as many pages as rows.
    const { totalPages: count } = await this.page(EVER, 0, 1, c);
    this.asked += wanted;
    return count <= MOST && this.asked * ROWS_FOR_ONE >= count;
  }

  /**
   * From the last page to the first: what changes meanwhile moves to the end, and is read the next
   * time.
   */
  private async refresh(c: Context): Promise<void> {
    const { readTo } = this;
    // What is stamped ahead of now does not hide what is still to be stamped.
    const now = new Date().toISOString();
    const after = readTo === undefined ? EVER : moved(readTo, -LATE - this.clockBound);
    const first = await this.page(after, 0, SIZE, c);
    for (let number = first.totalPages - 1; number > 0; number -= 1) this.enter((await this.page(after, number, SIZE, c)).content);
    this.enter(first.totalPages > 1 ? (await this.page(after, 0, SIZE, c)).content : first.content);
    this.readTo ??= EVER;
    if (this.readTo > now) this.readTo = now;
    if (this.rows.size > MOST * 2) this.forget();
  }

  private enter(rows: readonly unknown[]): void {
    const { kind, type } = this.target;
    const { field } = endpoints[kind];
    for (const given of rows) {
      // Rows of subjects lack their type where it was asked for.
      const row: unknown = isObject(given) ? { ...given, [field]: getOwn(given, field) ?? type } : given;
      const read = readRecord(row, kind);
      if ('odd' in read) this.whole = false;
      else {
        if (read.externalId !== undefined) this.rows.set(read.externalId, writeJson(row as Body));
        if (this.readTo === undefined || read.stamp > this.readTo) this.readTo = read.stamp;
      }
    }
  }

  private async page(after: Instant, number: number, size: number, c: Context): Promise<z.infer<typeof page>> {
    const { list, parameter } = endpoints[this.target.kind];
    const query = { [parameter]: this.target.type, lastModifiedDateTime: after, now: END, version: AS_STORED };
    const { status, text } = await this.session.get(list, { ...query, page: String(number), size: String(size) }, c);
    const read = status === 200 ? page.safeParse(jsonOf(text)).data : undefined;
    if (!read)
      throw new SystemFailure({
        code: 'BadResponse',
        message: 'Avni gives no list of records.',
        remedy: 'Each record is asked for.',
        status,
      });
    return read;
  }

  private forget(): void {
    this.rows.clear();
    this.readTo = undefined;
    this.asked = 0;
    this.whole = true;
  }
}

function jsonOf(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
