/**
 * Why one record failed, as data. `message` and `remedy` are safe to store and show: they name
 * types, paths, codes and settings, never a value of the record. `detail` may hold a person's data:
 * it stays in memory and is never stored or logged.
 */
export interface RecordError {
  /**
   * Stable and machine readable, e.g. `MappingFailed`, `CodeMissing`, `InvalidResource`,
   * `KeyCollision`, `Refused`, `Unreadable`.
   */
  code: string;
  message: string;
  /** What a person can do about it, in one sentence. */
  remedy: string;
  /**
   * What the system itself called it, e.g. the code of an issue or an exception's
   * class: never a value.
   */
  systemCode?: string;
  /** HTTP status of the system's answer, where there was one. */
  status?: number;
  /** Where in the record, the resource or the definition. */
  path?: string;
  /** The mapping expression, or the name of the one, that failed. */
  expression?: string;
  detail?: string;
}
