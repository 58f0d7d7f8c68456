import { AnswerTooLarge } from '../../../errors/answer-too-large.js';
import { settle } from '../../../errors/settle.js';
import { SystemFailure, type SystemFailureCode } from '../../../errors/system-failure.js';
import { systemCodeOf } from '../../../errors/whose-fault.js';
import { failureOfStatus } from '../../../http/failure-of-status.js';
import type { HttpResponse } from '../../../http/http.js';
import { parseJson } from '../../../http/parse-json.js';
import { readJsonForExpressions } from '../../../json/json.js';
import type { Context } from '../../connector.js';
import { statusOf } from '../answer.js';
import type { FhirClient } from '../client.js';
import { nextPage } from '../next-page.js';
import { SearchPath, type AskedFor, type Window } from './search-path.js';
import { isOddEntry, rowsOf, searchBundle, type EntryRow } from './source-entries.js';
import type { FhirSourceSettings } from './source-settings.js';

/** One page of a search. */
export interface ReadPage {
  rows: EntryRow[];
  /** Raw entries, for what is no search of records. */
  entries: readonly unknown[];
  /** How many the server says there are in all. */
  total?: number;
  /** Path of the next page. */
  next?: string;
  /** It names links, so that one without a next page is the last. */
  linked: boolean;
}

/**
 * `broken`: some record makes the server fail, or is too large. `dead`: the address, which the
 * server gave as a next page, leads nowhere any more.
 */
export type PageRead = ReadPage | 'broken' | 'dead';

/** Asks one server for the records of one source. */
export class FhirReader {
  readonly path: SearchPath;
  readonly type: string;
  /** False once a page came that did not say how many there are in all. */
  private givesTotals = true;
  /** False once it turned out not to tell that either where it is asked to. */
  private takesTotal = true;
  private readonly joined: boolean;

  constructor(
    readonly client: FhirClient,
    readonly settings: FhirSourceSettings,
  ) {
    this.path = new SearchPath(settings);
    this.type = settings.resource;
    this.joined = settings.include !== undefined;
  }

  /** Whether pages say how many there are in all. */
  get counts(): boolean {
    return this.givesTotals || this.takesTotal;
  }

  /** The first page of a window. @throws SystemFailure, Cancelled */
  async first(window: Window, asked: AskedFor, c: Context): Promise<PageRead> {
    if (this.givesTotals || !this.takesTotal) return this.page(this.path.window(window, asked), c);
    try {
      const page = await this.page(this.path.window(window, { ...asked, counted: true }), c);
      if (typeof page !== 'string' && page.total === undefined) this.takesTotal = false;
      return page;
    } catch (error) {
      if (!(error instanceof SystemFailure) || error.status === undefined || error.status < 400 || error.status > 499) throw error;
      this.takesTotal = false;
      return this.page(this.path.window(window, asked), c);
    }
  }

  /** `further`: it is a link that the server gave. @throws SystemFailure, Cancelled */
  async page(path: string, c: Context, further = false): Promise<PageRead> {
    const answer = await this.answer(path, c, further);
    if (typeof answer === 'string') return answer;
    const { place } = this;
    const { entry = [], link = [], total } = parseJson(answer, searchBundle, place, readJsonForExpressions);
    const url = link.find(({ relation }) => relation === 'next')?.url;
    const { base, settings } = this.client;
    const next = url === undefined ? undefined : nextPage(url, this.client.urlOf(path), { base, aliases: settings.aliases }, place);
    if (next === path) throw endless(place);
    if (next !== undefined && total === undefined) this.givesTotals = false;
    return {
      rows: rowsOf(entry, { type: this.type, joined: this.joined }),
      entries: entry,
      linked: link.length > 0,
      ...(total !== undefined ? { total } : {}),
      ...(next !== undefined ? { next } : {}),
    };
  }

  /** How many there are in a window; undefined where the server does not tell. */
  async count(window: Window, c: Context): Promise<number | undefined> {
    const page = await this.page(this.path.count(window), c);
    return typeof page === 'string' ? undefined : page.total;
  }

  isHealthy(c: Context): Promise<boolean> {
    return this.client.isHealthy(this.type, '_id', c);
  }

  get place(): string {
    return `Reading ${this.type} from the FHIR server`;
  }

  private async answer(path: string, c: Context, further: boolean): Promise<HttpResponse | 'broken' | 'dead'> {
    try {
      const { answer, verdict } = await settle(
        () => this.client.send({ method: 'GET', kind: 'read', path }, c),
        (response) => ({ place: 'read page', came: statusOf(response), several: true }),
        () => this.isHealthy(c),
      );
      if (verdict.kind === 'done') return answer;
      if (verdict.kind === 'halve') return 'broken';
      if (further && [400, 404, 410].includes(answer.status) && (await this.isHealthy(c))) return 'dead';
      throw this.failure(systemCodeOf(verdict), answer);
    } catch (error) {
      if (error instanceof AnswerTooLarge && (await this.isHealthy(c))) return 'broken';
      throw error;
    }
  }

  /**
   * A search that is not taken is a matter of the definition, or of what the server has switched
   * on.
   */
  private failure(code: SystemFailureCode, answer: HttpResponse): SystemFailure {
    if (code !== 'BadResponse' || answer.status < 400) return failureOfStatus(code, answer, this.place);
    return new SystemFailure({
      code,
      status: answer.status,
      message: `${this.place}: it does not take the search (${answer.status}).`,
      remedy: 'See whether the server knows the search parameters of “from:” for this type, and _lastUpdated; correct the definition.',
    });
  }
}

/** Follows a page to the last one. */
export class Chain {
  private readonly seen = new Set<string>();
  /** Of all records that came. */
  readonly ids = new Set<string>();
  private idle = 0;

  constructor(private readonly place: string) {}

  /** To be told of every page. @throws SystemFailure where the pages do not end */
  follow({ rows, next }: ReadPage): void {
    const before = this.ids.size;
    for (const row of rows) if (!isOddEntry(row)) this.ids.add(row.id);
    this.idle = this.ids.size > before ? 0 : this.idle + 1;
    if (next === undefined) return;
    if (this.seen.has(next) || this.idle >= MAX_IDLE) throw endless(this.place);
    this.seen.add(next);
  }
}

/** Pages in a row that hold nothing new. */
const MAX_IDLE = 20;

function endless(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: its pages do not end: they repeat, or hold nothing new.`,
    remedy: 'See the FHIR server’s log, and whether a proxy before it changes the addresses of next pages.',
  });
}
