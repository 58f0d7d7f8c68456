/**
 * What happens to a record that failed: tried again by itself, kept for a person, kept aside, or
 * its entity type stops before it.
 */
export type ErrorAction = 'retry' | 'wait-for-person' | 'ignore' | 'stop';

/** A record's failure under its error type: plain data, all of it safe to store and show. */
export interface ClassifiedError {
  /**
   * Name of the error type: the definition's, a connector's or the engine's own; `Unclassified`
   * where none matched.
   */
  errorType: string;
  then: ErrorAction;
  /** The code of the failure itself, e.g. `Refused`. */
  code: string;
  message: string;
  remedy: string;
  status?: number;
  path?: string;
  expression?: string;
  /** Parts of the error's text that its type names as harmless, e.g. `{address: 'Hosahalli'}`. */
  kept?: Record<string, string>;
}
