/** Open rows of an entity type that the definition does not have, or no more. */
export interface LeftOver {
  entityType: string;
  count: number;
  /** Children that wait on them. */
  waiting: number;
  /** What the type is called now, where it was renamed. */
  now?: string;
  /** The command that closes them, as it is typed. */
  close: string;
}

/** What they are, who is to do what, in words. */
export function leftOverText({ entityType, count, waiting, now, close }: LeftOver): string {
  const comes =
    now === undefined ? '' : ` It is called ${now} now: what fails under that name gets a row of its own as it changes, or by rewind.`;
  const children =
    waiting === 0 ? '' : ` ${waiting} children wait on them, and come when they change, or by rewind of their own entity type.`;
  return (
    `${entityType}: ${count} errored records are open of an entity type that the definition does not have; nothing tries them.${comes}${children}` +
    ` Whoever took the type out closes them: ${close}`
  );
}
