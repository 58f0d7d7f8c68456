import type { Client } from '@temporalio/client';
import type { ProcessDefinition } from '../src/definition/definition.js';
import { asTyped, terminateCommand } from '../src/temporal/errors/commands.js';
import type { ListedRow } from '../src/temporal/rows/list-rows.js';
import type { LeftOver } from '../workflows/errors/left-over.js';

/** Names that a definition can have given: a row that others started may say anything. */
const NAME = /^[A-Za-z0-9-]{1,60}$/;

/**
 * The open rows of entity types that a process does not have, or no more: nothing tries them, so a
 * person is told, with the command that closes them.
 */
export function leftOver(rows: ListedRow[], { id, entityTypes }: ProcessDefinition, client: Client): LeftOver[] {
  const known = new Set(entityTypes.map(({ name }) => name));
  const gone = new Set(rows.flatMap(({ entityType }) => (known.has(entityType) || !NAME.test(entityType) ? [] : [entityType])));
  const target = { address: '127.0.0.1:7233', namespace: client.options.namespace };
  return [...gone].sort().map((entityType) => {
    const its = rows.filter((row) => row.entityType === entityType);
    const now = entityTypes.find(({ formerly }) => formerly.includes(entityType))?.name;
    return {
      entityType,
      count: its.length,
      waiting: its.reduce((sum, { waiting }) => sum + waiting, 0),
      ...(now !== undefined ? { now } : {}),
      close: asTyped(terminateCommand({ process: id, entityType }, target)),
    };
  });
}
