import { SystemFailure } from '../../errors/system-failure.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context, Instant } from '../connector.js';
import { avniFailure } from './failure.js';
import type { Endpoint } from './endpoints.js';
import { avniPage, checkRows, type AvniRow } from './rows.js';
import type { AvniSession } from './session.js';

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

/** Asks one type's list, whatever the bounds of its endpoint. */
export class AvniLister {
  constructor(
    private readonly session: AvniSession,
    readonly endpoint: Endpoint,
    readonly type: string,
  ) {}

  /** @throws SystemFailure; `ServerError` where the server failed twice and it is not known whether a record is at fault. */
  async list(window: Window, page: number, size: number, c: Context, version = '2'): Promise<Listed> {
    const { list, parameter, bounds } = this.endpoint;
    const query = {
      [parameter]: this.type,
      lastModifiedDateTime: bounds === 'exclusive' ? window.after : moved(window.after, 1),
      now: bounds === 'exclusive' ? moved(window.until, 1) : window.until,
      page: String(page),
      size: String(size),
      version,
    };
    const place = `Reading ${this.endpoint.parameter} “${this.type}” from Avni`;
    let response = await this.session.get(list, query, c);
    let failure = avniFailure(response, place);
    if (failure?.code === 'ServerError') {
      response = await this.session.get(list, query, c);
      failure = avniFailure(response, place);
    }
    if (failure) throw failure;
    const { content, totalPages, pageSize } = parseJson(response, avniPage, place);
    if (version === '2') checkRows(content, this.endpoint, this.type, window);
    return { rows: content, totalPages, pageSize };
  }

  /** Whether the server answers where no record can be at fault. */
  async isHealthy(c: Context): Promise<boolean> {
    const nothing = { after: '2000-01-01T00:00:00.000Z', until: '2000-01-01T00:00:00.000Z' };
    return this.list(nothing, 0, 1, c).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SystemFailure) return false;
        throw error;
      },
    );
  }
}

/** An instant so many milliseconds later. */
export function moved(instant: Instant, by: number): Instant {
  return new Date(Date.parse(instant) + by).toISOString();
}
