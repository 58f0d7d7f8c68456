/**
 * How this server differs from others: each is something that real R4 servers do. May be changed
 * while it runs.
 */
export interface FhirBehaviour {
  /**
   * Refuses dangling references, and deleting what is referenced; inside a transaction judged at
   * its end. Default false.
   */
  strict: boolean;
  /** Takes transaction bundles. Default true. */
  transactions: boolean;
  /** Validates what it stores against R4. Default true. */
  validates: boolean;
  /** Status of a write whose `If-Match` is not the stored version. Default 412. */
  staleIfMatch: 400 | 412;
  /** Gives `ETag`, also in the entries of bundles. Default true. */
  etags: boolean;
  /** Status of a deletion. Default 204. */
  deleteStatus: 200 | 204;
  /** Status of creating by PUT. Default 201. */
  createStatus: 200 | 201;
  /** Status of reading what was deleted. Default 410. */
  removedStatus: 404 | 410;
  /** Storing what is stored already makes a new version. Default true. */
  versionOfSame: boolean;
  /** So many resources more in a search’s answer than were asked for. Default 0. */
  searchAdds: number;
  /** Searches say how many there are. Default true. */
  totals: boolean;
  /** Searches have `next` links. Default true. */
  links: boolean;
  /** `POST …/_search` of a form; refused with 415 otherwise. Default true. */
  postSearch: boolean;
  /** `PUT Type?query` and `If-None-Exist`; refused with 400 otherwise. Default true. */
  conditional: boolean;
  /**
   * A PUT adds its tags, security labels and profiles to those that are stored, as HAPI does; else
   * it replaces them. Default false.
   */
  mergesMeta: boolean;
  /** `POST Type/$validate`; refused with 400 otherwise. Default true. */
  validation: boolean;
  /** `POST Type/id/$meta-delete`; refused with 400 otherwise. Default true. */
  metaDelete: boolean;
  /** `GET Type/id/_history`; refused with 400 otherwise. Default true. */
  history: boolean;
  /**
   * Has a rule of its own beside R4: no one is born in the future (422, business-rule). Default
   * false.
   */
  rules: boolean;
  /**
   * What a PUT or DELETE that is well, also as an entry, is answered with: no body, an
   * OperationOutcome without error, or another resource. With `error`, an OperationOutcome of an
   * error in a 200, and `lost`, as `none`, it is not carried out. Default usual.
   */
  writeAnswers: 'usual' | 'none' | 'outcome' | 'other' | 'error' | 'lost';
  /** Only writes in whose address or body this stands are answered so. Default '', all. */
  writeAnswersFor: string;
  /**
   * The form of `next` links: relative to the base (`type`), to the host (`path`), to the page
   * (`query`), or whole (`absolute`); `opaque`, as HAPI's, to a search that is kept in memory; or
   * wrong: `elsewhere` on the same host, on a `foreign` one, to the page it`self`, `endless`.
   * Default type.
   */
  nextLinks: 'type' | 'path' | 'query' | 'absolute' | 'opaque' | 'elsewhere' | 'foreign' | 'self' | 'endless';
  /**
   * Searches that are kept for opaque links are forgotten, so that these give 410. Default false.
   */
  forgetsPages: boolean;
  /** The most entries of a page, whatever `_count`; 0: no bound. Default 0. */
  maxCount: number;
  /**
   * Sorts; `parts`: two lists after one another, each sorted, as OpenMRS does with visits and
   * encounters. Default true.
   */
  sorts: boolean | 'parts';
  /**
   * `s`: stamps are whole seconds, and the bounds of `_lastUpdated` include all of theirs, as
   * OpenMRS has it. Default ms.
   */
  stamps: 'ms' | 's';
  /** Search parameters that are dropped silently. Default none. */
  drops: string[];
  /**
   * What `_include` joins to a page: `some`, every second of it, or nothing, without a word.
   * Default true.
   */
  joins: boolean | 'some';
  /** Ids of resources on which it fails (500) wherever they are given whole. Default none. */
  failsOn: string[];
  /** `GET Type/_history`; refused with 400 otherwise. Default true. */
  typeHistory: boolean;
  /**
   * Clients choose ids: a PUT where nothing is creates it; refused with 404 otherwise. Default
   * true.
   */
  clientIds: boolean;
}

/** The behaviour where nothing is said: a server that does all R4 asks for. */
export const usualBehaviour: FhirBehaviour = {
  strict: false,
  transactions: true,
  validates: true,
  staleIfMatch: 412,
  etags: true,
  deleteStatus: 204,
  createStatus: 201,
  removedStatus: 410,
  versionOfSame: true,
  searchAdds: 0,
  totals: true,
  links: true,
  postSearch: true,
  conditional: true,
  mergesMeta: false,
  metaDelete: true,
  validation: true,
  history: true,
  rules: false,
  writeAnswers: 'usual',
  writeAnswersFor: '',
  nextLinks: 'type',
  forgetsPages: false,
  maxCount: 0,
  sorts: true,
  stamps: 'ms',
  drops: [],
  joins: true,
  failsOn: [],
  typeHistory: true,
  clientIds: true,
};
