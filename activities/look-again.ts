import { Context as ActivityContext } from '@temporalio/activity';
import { batchInHand } from '../src/temporal/rows/batch-in-hand.js';
import { askToLookAgain } from '../src/temporal/rows/ask-to-look-again.js';
import type { LookAgainAfterInput, LookAgainInput } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';

/** Has a batch looked at again that was in hand when its worker was lost: no system is asked anything, so that it may run while the process pauses. */
export async function lookAgain({ process, entityType, rows }: LookAgainInput, { client, now }: ActivityDependencies): Promise<void> {
  const { taskQueue } = ActivityContext.current().info;
  const at = new Date(now()).toISOString();
  await askToLookAgain(
    { client, taskQueue },
    rows.map(({ id }) => ({ process, entityType, id })),
    at,
  );
}

/** The same for the batch that a child had in hand which was terminated: what it was stands in its history alone. */
export async function lookAgainAfter({ process, entityType }: LookAgainAfterInput, dependencies: ActivityDependencies): Promise<void> {
  const rows = await batchInHand(dependencies.client, process, entityType);
  await lookAgain({ v: 1, process, entityType, rows }, dependencies);
}
