import type { Http } from '../http/http.js';
import type { Logger } from '../log.js';

/**
 * What every call of a connector is given. `signal` aborts reads at once; writes in flight are
 * waited for.
 */
export interface Context {
  signal: AbortSignal;
  http: Http;
  log: Logger;
}

/** Which record of which entity type something came from. */
export interface Origin {
  integration: string;
  process: string;
  entityType: string;
  id: string;
}

/** A business key, e.g. a FHIR identifier. */
export interface Key {
  system?: string;
  value: string;
}

/** What `check` found. `problems` are in words for a person; empty when `ok`. */
export interface Health {
  ok: boolean;
  problems: { code: string; message: string; remedy: string }[];
}

/** What a source's `check` found, in words for a person. A warning may be right as it is. */
export interface SourceHealth {
  problems: Health['problems'];
  warnings: Health['problems'];
}
