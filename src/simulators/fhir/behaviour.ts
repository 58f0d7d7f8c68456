/** How this server differs from others: each is something that real R4 servers do. May be changed while it runs. */
export interface FhirBehaviour {
  /** Refuses dangling references, and deleting what is referenced; inside a transaction judged at its end. Default false. */
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
  /** A PUT adds its tags, security labels and profiles to those that are stored, as HAPI does; else it replaces them. Default false. */
  mergesMeta: boolean;
  /** `POST Type/$validate`; refused with 400 otherwise. Default true. */
  validation: boolean;
  /** `POST Type/id/$meta-delete`; refused with 400 otherwise. Default true. */
  metaDelete: boolean;
  /** `GET Type/id/_history`; refused with 400 otherwise. Default true. */
  history: boolean;
  /** Has a rule of its own beside R4: no one is born in the future (422, business-rule). Default false. */
  rules: boolean;
  /**
   * What a PUT or DELETE that is well, also as an entry, is answered with: no body, an OperationOutcome without error, or another resource. With `error`, an OperationOutcome of an error in a
   * 200, and `lost`, as `none`, it is not carried out. Default usual.
   */
  writeAnswers: 'usual' | 'none' | 'outcome' | 'other' | 'error' | 'lost';
  /** Only writes in whose address or body this stands are answered so. Default '', all. */
  writeAnswersFor: string;
  /** Where `next` links lead: to the type, or somewhere else on the same host. Default type. */
  nextLinks: 'type' | 'elsewhere';
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
};
