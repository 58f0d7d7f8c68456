/** What stands between a question group and a concept inside it, e.g. `Household » Water source`. */
export const INSIDE = ' » ';

export type Group = Record<string, unknown>;

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a concept has a value: not null, an empty text or list, nor a group without any. */
export function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasValue);
  if (isGroup(value)) return Object.values(value).some(hasValue);
  return value !== undefined && value !== null && value !== '';
}

/** The question groups a value holds: itself, or each of a repeated one's. A phone number is an object, too, but one value (Avni client, observed). */
export function groupsIn(value: unknown): Group[] {
  return (Array.isArray(value) ? value : [value]).filter(isGroup).filter((group) => !Object.hasOwn(group, 'phoneNumber'));
}
