import { AnswerTooLarge } from '../../errors/answer-too-large.js';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import { readJsonForExpressions } from '../../json/json.js';
import type { Context, Instant } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import { avniFailure, incidentOf, sickFailure } from './failure.js';
import { checkFilters, placed, type ParentFilter } from './check-rows.js';
import { SIZE, type OddRow } from './odd-row.js';
import { PageBroken } from './page-broken.js';
import { avniPage, isOdd, rowOf, type AvniRow, type ListedRow } from './rows.js';
import type { AvniSession } from './session.js';

/** A page of no rows. */
const BEHIND_ALL = 1_000_000;

/** Rows after `after`, up to and with `until`. */
export interface Window {
  after: Instant;
  until: Instant;
}

interface Envelope<Row> {
  rows: Row[];
  totalPages: number;
  /** What the server made of the size: it cuts silently at 1,000. */
  pageSize: number;
}

export type Listed = Envelope<ListedRow>;

/**
 * How to ask for a page. `suspected`: a page broke of which this one is a part; `once`: whatever
 * fails, it is not asked again, nor is the system.
 */
export interface AskedHow {
  suspected?: boolean;
  once?: boolean;
}

/** Before any record: the place of a row whose own is not known, in a list that knows no time. */
const EPOCH = '1970-01-01T00:00:00.000Z';

/**
 * Asks one type's list, of one parent's records where one is named, whatever the bounds of its
 * endpoint.
 */
export class AvniLister {
  constructor(
    private readonly session: AvniSession,
    readonly endpoint: Endpoint,
    readonly type: string,
    private readonly parent?: ParentFilter,
    /** Of rows that are not of the form of a record. */
    private readonly readRow: (given: unknown) => AvniRow | OddRow = rowOf,
  ) {}

  /** @throws SystemFailure, or PageBroken where a record on the page is at fault */
  async list(window: Window, page: number, size: number, c: Context, { suspected = false, once = false }: AskedHow = {}): Promise<Listed> {
    const asked = await this.page(window, page, size, '2', c, { suspected, once });
    const rows = checkFilters(asked.rows, this.endpoint, this.type, this.parent);
    if (this.parent !== undefined && this.endpoint.timeless)
      return { ...asked, rows: rows.map((row) => (isOdd(row) ? { ...row, stamp: row.stamp ?? EPOCH } : row)) };
    const inPlace = placed(rows, this.type, window, suspected);
    if (inPlace) return { ...asked, rows: inPlace };
    const odd = rows.find(isOdd)?.odd ?? 'audit.Last modified at';
    throw new PageBroken(`${this.place}: a record on the page has no place in it`, { status: 200, headers: {}, text: '' }, odd);
  }

  /**
   * The same page in the older form of the API, which shows dates as they are stored: a hint, whose
   * rows are not checked. @throws as `list` does
   */
  older(window: Window, page: number, size: number, c: Context, how: AskedHow = {}): Promise<Envelope<AvniRow | OddRow>> {
    return this.page(window, page, size, '1', c, how);
  }

  /**
   * How many pages of a size there are, and what the server makes of the size. @throws
   * SystemFailure, since no record is asked for.
   */
  async count(window: Window, size: number, c: Context): Promise<Pick<Listed, 'totalPages' | 'pageSize'>> {
    try {
      return await this.list(window, BEHIND_ALL, size, c);
    } catch (error) {
      if (!(error instanceof PageBroken)) throw error;
      throw avniFailure('ServerError', error.answer, `Counting ${this.endpoint.parameter} “${this.type}” of Avni`);
    }
  }

  /**
   * Whether the server answers where no record can be at fault. @throws SystemFailure `Forbidden`
   * where the user may not read the type: nothing is learnt of the record then, and nobody has to
   * guess why.
   */
  async isHealthy(c: Context): Promise<boolean> {
    const nothing = { after: '2000-01-01T00:00:00.000Z', until: '2000-01-01T00:00:00.000Z' };
    try {
      const response = await this.ask(nothing, 0, 1, '2', c);
      if (incidentOf(response, 'read page').came === 403) throw avniFailure('Forbidden', response, this.place);
      parseJson(response, avniPage, 'Avni', readJsonForExpressions);
      return response.status === 200;
    } catch (error) {
      if (error instanceof SystemFailure && error.code !== 'Forbidden') return false;
      throw error;
    }
  }

  private get place(): string {
    return `Reading ${this.endpoint.parameter} “${this.type}” from Avni`;
  }

  /** What is too large to be read is so by some record, on a server that is otherwise well. */
  private async page(
    window: Window,
    page: number,
    size: number,
    version: '1' | '2',
    c: Context,
    how: AskedHow,
  ): Promise<Envelope<AvniRow | OddRow>> {
    try {
      return await this.readPage(window, page, size, version, c, how);
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || how.once === true || !(await this.isHealthy(c))) throw error;
      throw new PageBroken(`${this.place}: a record on the page is too large`, { status: 200, headers: {}, text: '' }, SIZE);
    }
  }

  private async readPage(
    window: Window,
    page: number,
    size: number,
    version: '1' | '2',
    c: Context,
    { suspected = false, once = false }: AskedHow,
  ): Promise<Envelope<AvniRow | OddRow>> {
    const { answer, verdict } = await settle(
      () => this.ask(window, page, size, version, c, this.parent),
      (response) => incidentOf(response, 'read page'),
      () => (once ? Promise.resolve(false) : this.isHealthy(c)),
      suspected || once ? 1 : 0,
    );
    if (verdict.kind === 'halve') throw new PageBroken(`${this.place}: a record on the page is at fault`, answer);
    if (verdict.kind !== 'done') throw await sickFailure(this.session, systemCodeOf(verdict), answer, this.place, c);
    const { content, totalPages, pageSize } = parseJson(answer, avniPage, this.place, readJsonForExpressions);
    if (content.length > size) throw longPage(this.place, size);
    if (page === 0 && content.length < pageSize && totalPages > 1) throw shortPage(this.place);
    return { rows: content.map(this.readRow), totalPages, pageSize };
  }

  private ask(window: Window, page: number, size: number, version: string, c: Context, parent?: ParentFilter): Promise<HttpResponse> {
    const { list, parameter, bounds, untyped, timeless } = this.endpoint;
    const times = {
      lastModifiedDateTime: bounds === 'exclusive' ? window.after : moved(window.after, 1),
      now: bounds === 'exclusive' ? moved(window.until, 1) : window.until,
    };
    const query = {
      ...(untyped ? {} : { [parameter]: this.type }),
      ...(parent ? { [parent.parameter]: parent.id } : {}),
      ...(parent && timeless === 'left out' ? {} : times),
      page: String(page),
      size: String(size),
      version,
    };
    return this.session.get(list, query, c);
  }
}

/** An instant so many milliseconds later. */
export function moved(instant: Instant, by: number): Instant {
  return new Date(Date.parse(instant) + by).toISOString();
}

/** The rest of what it says there is would be passed over. */
function shortPage(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: the first page is short, though more pages are said to follow.`,
    remedy: 'See whether a proxy before Avni leaves rows out.',
  });
}

/** Reading them all would hold up everything else, and nothing says where such a page ends. */
function longPage(place: string, size: number): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: the page has more rows than the ${size} that were asked for.`,
    remedy: 'See whether the url leads to Avni itself, and whether a proxy before it changes requests.',
  });
}
