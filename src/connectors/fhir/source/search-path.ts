import type { Instant } from '../../connector.js';
import type { FhirSourceSettings } from './source-settings.js';

/** A window in which all records lie. */
export const ALL = { until: '9997-01-01T00:00:00.000Z' } as const;

/** Records after `after` (all, where absent), up to and with `until`. */
export interface Window {
  after?: Instant | undefined;
  until: Instant;
}

/**
 * How a search is asked: a page of so many; sorted; `thin`: what tells one record from another
 * alone; `counted`: with how many there are in all.
 */
export interface AskedFor {
  count: number;
  sorted?: boolean;
  thin?: boolean;
  counted?: boolean;
}

interface AskedBy {
  count: number;
  ofAll?: boolean;
  thin?: boolean;
}

type Pair = [name: string, value: string];

const THIN: Pair = ['_elements', 'id,meta'];

/** Addresses of searches for the records that a source reads. */
export class SearchPath {
  private readonly fixed: Pair[];
  private readonly includes: Pair[];

  constructor(private readonly settings: FhirSourceSettings) {
    const { category, code, tag, search = {}, include = [], resource } = settings;
    const more = Object.entries(search).flatMap(([name, values]) => [values].flat().map((value): Pair => [name, value]));
    const known: [string, string | undefined][] = [
      ['category', category],
      ['code', code],
      ['_tag', tag],
    ];
    this.fixed = [...known.flatMap(([name, value]): Pair[] => (value === undefined ? [] : [[name, value]])), ...more];
    this.includes = include.map((name) => ['_include', name.includes(':') ? name : `${resource}:${name}`]);
  }

  /**
   * Both bounds are as wide as servers of whole seconds or of microseconds need them: what lies
   * outside of the window by less than a second may come too.
   */
  window({ after, until }: Window, { count, sorted = false, thin = false, counted = false }: AskedFor): string {
    const end = new Date(Date.parse(until) + 1).toISOString();
    return this.of([
      ...(after === undefined ? [] : [['_lastUpdated', `gt${after}`] satisfies Pair]),
      ['_lastUpdated', `lt${end}`],
      ...this.fixed,
      ...(sorted ? [['_sort', '_lastUpdated'] satisfies Pair] : []),
      ['_count', String(count)],
      ...(counted ? [['_total', 'accurate'] satisfies Pair] : []),
      ...(thin ? [THIN] : this.includes),
    ]);
  }

  /** How many there are in a window. */
  count({ after, until }: Window): string {
    return `${this.window({ after, until }, { count: 0, thin: true }).replace(/&_count=.*$/, '')}&_summary=count`;
  }

  /**
   * Those of these ids, or that refer to a parent by a search parameter, whatever their stamps;
   * `ofAll`: whatever their category, code or tag; `thin`: their `meta` alone.
   */
  by(name: string, values: string[], { count, ofAll = false, thin = false }: AskedBy): string {
    const more = thin ? [THIN] : this.includes;
    return this.of([[name, values.join(',')], ...(ofAll ? [] : this.fixed), ['_count', String(count)], ...more]);
  }

  private of(pairs: Pair[]): string {
    return `${this.settings.resource}?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`;
  }
}

/** Colons, slashes and commas stand for themselves in a query (RFC 3986 §3.4). */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',');
}
