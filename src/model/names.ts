/**
 * Names that a definition can give: what is no such name is neither an entity type nor an error
 * type, and would be more in a query.
 */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,59}$|^[A-Za-z0-9-]{1,60}$/;

/** Whether this is a name that a definition can give. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
