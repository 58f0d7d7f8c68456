import type { Context, Instant } from '../connector.js';
import type { AvniLister, Listed, Window } from './lister.js';
import { PageBroken } from './page-broken.js';
import type { ListedRow } from './rows.js';

/** Then one page at a time is asked for. */
const MOST_USELESS = 3;

/** A page asked for before it is known where it begins. */
interface Second {
  of: Window;
  listed: Promise<Listed | undefined>;
}

/**
 * The first pages of windows that follow one another, two asked for at the same time where two are
 * left: a server makes a page in the time in which another one comes. The second begins with the
 * first one's last row, since it is asked one row smaller. Only where it does, does nothing lie
 * between the two: the order is total (stamp, then an id of Avni's own). Else it is dropped,
 * whatever became of it, and what follows is asked for by itself.
 */
export class PagesInTurn {
  private first: { window: Window; listed: Listed } | undefined;
  private second: Second | undefined;
  /**
   * How many times in a row it was of no use: the server may not bear two requests at once, or most
   * records share their stamps.
   */
  private useless = 0;

  constructor(
    private readonly lister: AvniLister,
    private readonly size: number,
    private readonly c: Context,
  ) {}

  /**
   * The first page of a window.
   *
   * @param alone nothing is to be asked beside it: a record is known to break pages
   * @returns undefined where a record on the page breaks it
   */
  async list(window: Window, { alone, suspected }: { alone: boolean; suspected: boolean }): Promise<Listed | undefined> {
    const listed = (await this.ready(window)) ?? (await this.ask(window, alone, suspected));
    this.first = listed && { window, listed };
    return listed;
  }

  /** No request is in flight any more. */
  async settled(): Promise<void> {
    await this.second?.listed;
  }

  private async ready(window: Window): Promise<Listed | undefined> {
    const { first, second } = this;
    if (!second) return undefined;
    this.second = undefined;
    const listed = await second.listed;
    const fits = first?.window === second.of && window.until === second.of.until;
    const joined = fits && listed ? join(leftOf(first.listed.rows, window.after), listed, this.size) : undefined;
    this.useless = joined ? 0 : this.useless + 1;
    return joined;
  }

  private async ask(window: Window, alone: boolean, suspected: boolean): Promise<Listed | undefined> {
    const isLong = this.first !== undefined && this.first.listed.totalPages > 2;
    if (isLong && !alone && this.useless < MOST_USELESS && this.size > 2) this.second = { of: window, listed: this.beside(window) };
    try {
      return await this.lister.list(window, 0, this.size, this.c, { suspected });
    } catch (error) {
      if (error instanceof PageBroken) return undefined;
      throw error;
    }
  }

  private async beside(window: Window): Promise<Listed | undefined> {
    const size = this.size - 1;
    // What is wrong with it is seen, and told, when it is asked for by itself.
    const listed = await this.lister.list(window, 1, size, this.c, { once: true }).catch(() => undefined);
    if (!listed || listed.pageSize !== size) return undefined;
    const { rows, totalPages, pageSize } = listed;
    return rows.length < size && totalPages > 2 ? undefined : { rows, totalPages: totalPages - 1, pageSize };
  }
}

/**
 * The rows of a page that were left for the next one, where it was taken up to the stamp before
 * theirs.
 */
function leftOf(rows: ListedRow[], takenTo: Instant): ListedRow[] {
  const from = rows.findIndex(({ stamp }) => stamp > takenTo);
  return from > 0 && rows[from - 1]?.stamp === takenTo ? rows.slice(from) : [];
}

/**
 * What was left of one page and the next, which begins with its last row; undefined where it does
 * not, or both are too much for one.
 */
function join(left: ListedRow[], next: Listed, size: number): Listed | undefined {
  const [last, first] = [left.at(-1), next.rows[0]];
  if (!last || !first || first.id === undefined || left.length > size / 2) return undefined;
  if (first.id !== last.id || first.stamp !== last.stamp) return undefined;
  const rows = [...left, ...next.rows.slice(1)];
  const missing = next.pageSize - next.rows.length;
  return { rows, totalPages: next.totalPages, pageSize: rows.length + missing };
}
