/** One record of one entity type. */
export interface RecordRef {
  entityType: string;
  id: string;
}

/** What tells one record of a process from all others: the key of a `Map`. */
export function keyOf({ entityType, id }: RecordRef): string {
  return `${entityType}\0${id}`;
}
