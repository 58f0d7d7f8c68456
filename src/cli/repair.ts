import type { Client } from '@temporalio/client';
import type { Reconciliation } from '../sync/reconcile/reconciliation.js';
import { askForRecord } from '../temporal/ask-for-record.js';
import { Told, type Io } from './io.js';
import { inOneLine } from './printable.js';
import { syncedText } from './synced-text.js';

/**
 * Has the process bring over each record that does not stand as it should, parents first, one after
 * the other: it alone writes. @returns whether all are as they should be. @throws Told in words
 * where the process does not take them
 */
export async function repair(client: Client, process: string, { types }: Reconciliation, io: Io): Promise<boolean> {
  let [mended, failed] = [0, 0];
  for (const { entityType, found } of types)
    for (const { id } of found) {
      if (io.signal.aborted) throw new Told(`Ended before it was done: ${mended} repaired. Ask again for the others.`);
      const answer = await askForRecord(client, process, { entityType, id }).catch((error: unknown) => {
        throw new Told(error instanceof Error ? error.message : String(error), { cause: error });
      });
      if (answer === 'missing') throw new Told(`${process} does not run, and only a process repairs its records: start it.`);
      if (answer === 'silent') throw new Told(`No worker answers for ${process}: start one (npx sangam worker), then ask again.`);
      const { well, text } = syncedText(answer, { process, entityType, id });
      if (answer.stopped) throw new Told(`${text}\n${mended} repaired before that.`);
      if (well) mended += 1;
      else {
        failed += 1;
        io.out(text);
      }
    }
  io.out(inOneLine(`${mended} repaired${failed > 0 ? `, ${failed} not` : ''}.`));
  return failed === 0;
}
