import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import { readJsonForExpressions } from '../../json/json.js';
import type { Context, Instant } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import { avniFailure, incidentOf } from './failure.js';
import { PageBroken } from './page-broken.js';
import { avniPage, checkFilters, checkWindow, type AvniRow, type ParentFilter } from './rows.js';
import type { AvniSession } from './session.js';

/** A page of no rows. */
const BEHIND_ALL = 1_000_000;

/** Rows after `after`, up to and with `until`. */
export interface Window {
  after: Instant;
  until: Instant;
}

export interface Listed {
  rows: AvniRow[];
  totalPages: number;
  /** What the server made of the size: it cuts silently at 1,000. */
  pageSize: number;
}

/**
 * How to ask for a page: the older form of the API shows dates as they are stored; `suspected`: a page broke of which this one is a part;
 * `once`: whatever fails, it is not asked again, nor is the system.
 */
export interface AskedHow {
  version?: '1' | '2';
  suspected?: boolean;
  once?: boolean;
}

/** Asks one type's list, of one parent's records where one is named, whatever the bounds of its endpoint. */
export class AvniLister {
  constructor(
    private readonly session: AvniSession,
    readonly endpoint: Endpoint,
    readonly type: string,
    private readonly parent?: ParentFilter,
  ) {}

  /** @throws SystemFailure, or PageBroken where a record on the page is at fault */
  async list(
    window: Window,
    page: number,
    size: number,
    c: Context,
    { version = '2', suspected = false, once = false }: AskedHow = {},
  ): Promise<Listed> {
    const place = `Reading ${this.endpoint.parameter} “${this.type}” from Avni`;
    const { answer, verdict } = await settle(
      () => this.ask(window, page, size, version, c, this.parent),
      (response) => incidentOf(response, 'read page'),
      () => (once ? Promise.resolve(false) : this.isHealthy(c)),
      suspected || once ? 1 : 0,
    );
    if (verdict.kind === 'halve') throw new PageBroken(`${place}: a record on the page is at fault`, answer);
    if (verdict.kind !== 'done') throw avniFailure(systemCodeOf(verdict), answer, place);
    const { content, totalPages, pageSize } = parseJson(answer, avniPage, place, readJsonForExpressions);
    if (page === 0 && content.length < pageSize && totalPages > 1) throw shortPage(place);
    if (version === '2') {
      checkFilters(content, this.endpoint, this.type, this.parent);
      if (this.parent === undefined || !this.endpoint.timeless) checkWindow(content, this.type, window);
    }
    return { rows: content, totalPages, pageSize };
  }

  /** How many pages of a size there are, and what the server makes of the size. @throws SystemFailure, since no record is asked for. */
  async count(window: Window, size: number, c: Context): Promise<Pick<Listed, 'totalPages' | 'pageSize'>> {
    try {
      return await this.list(window, BEHIND_ALL, size, c);
    } catch (error) {
      if (!(error instanceof PageBroken)) throw error;
      throw avniFailure('ServerError', error.answer, `Counting ${this.endpoint.parameter} “${this.type}” of Avni`);
    }
  }

  /** Whether the server answers where no record can be at fault. */
  async isHealthy(c: Context): Promise<boolean> {
    const nothing = { after: '2000-01-01T00:00:00.000Z', until: '2000-01-01T00:00:00.000Z' };
    try {
      const response = await this.ask(nothing, 0, 1, '2', c);
      parseJson(response, avniPage, 'Avni', readJsonForExpressions);
      return response.status === 200;
    } catch (error) {
      if (error instanceof SystemFailure) return false;
      throw error;
    }
  }

  private ask(window: Window, page: number, size: number, version: string, c: Context, parent?: ParentFilter): Promise<HttpResponse> {
    const { list, parameter, bounds } = this.endpoint;
    const query = {
      [parameter]: this.type,
      ...(parent ? { [parent.parameter]: parent.id } : {}),
      lastModifiedDateTime: bounds === 'exclusive' ? window.after : moved(window.after, 1),
      now: bounds === 'exclusive' ? moved(window.until, 1) : window.until,
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
