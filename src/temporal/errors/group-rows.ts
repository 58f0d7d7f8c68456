import type { Instant } from '../../connectors/connector.js';
import type { ListedRow } from '../rows/list-rows.js';

/** Open rows of one entity type and error type; ignored ones make a group of their own. */
export interface RowGroup {
  entityType: string;
  errorType: string;
  ignored: boolean;
  count: number;
  /** When the first of them failed. */
  since: Instant;
  /** Children that wait on them. */
  waiting: number;
  /** How many wait for a person, and are not tried by themselves. */
  forPerson: number;
  /** When the first of the others is tried again. */
  nextTry?: Instant;
  /** The one that is open longest. */
  oldest: { id: string; workflowId: string };
}

/** Groups rows: entity types by name, and in each the largest group first, ignored ones last. */
export function groupRows(rows: ListedRow[]): RowGroup[] {
  const groups = new Map<string, RowGroup>();
  for (const row of rows) {
    const ignored = row.state === 'ignored';
    const key = [row.entityType, row.errorType, ignored].join(' ');
    groups.set(key, withRow(groups.get(key), row, ignored));
  }
  return [...groups.values()].sort(
    (a, b) => a.entityType.localeCompare(b.entityType) || Number(a.ignored) - Number(b.ignored) || b.count - a.count,
  );
}

function withRow(group: RowGroup | undefined, row: ListedRow, ignored: boolean): RowGroup {
  const { entityType, errorType, firstFailedAt, waiting, retryAt, id, workflowId } = row;
  const isOlder = group === undefined || firstFailedAt < group.since;
  const nextTry = [group?.nextTry, ignored ? undefined : retryAt].filter((each) => each !== undefined).sort()[0];
  return {
    entityType,
    errorType,
    ignored,
    count: (group?.count ?? 0) + 1,
    since: isOlder ? firstFailedAt : group.since,
    waiting: (group?.waiting ?? 0) + waiting,
    forPerson: (group?.forPerson ?? 0) + (!ignored && retryAt === undefined ? 1 : 0),
    ...(nextTry !== undefined ? { nextTry } : {}),
    oldest: isOlder ? { id, workflowId } : group.oldest,
  };
}
