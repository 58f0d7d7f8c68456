/** Why an entity type stopped: plain data that may be stored and shown. */
export interface Stop {
  /**
   * A `SystemFailure.code`, a `RecordError.code`, or one of the engine's own, e.g. `TooManyErrors`.
   */
  code: string;
  message: string;
  remedy: string;
  /**
   * `system`: it goes on by itself once the system is well. `person`: someone must do something.
   */
  needs: 'system' | 'person';
  /**
   * Someone must do something, and until then it is tried again by itself, ever less often: what
   * they do may be done elsewhere.
   */
  byItself?: true;
  /** The definition's name of the system that failed. */
  system?: string;
  /** The record it stopped before. */
  record?: string;
  /** So many errored records would be open: it stopped since these are more than may be. */
  open?: number;
  /** Milliseconds the system asked to be left alone. */
  retryAfter?: number;
}
