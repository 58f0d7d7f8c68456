import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Instant } from '../../connectors/connector.js';
import { sendToRow } from './send-to-row.js';

/** Messages under way at once. */
const AT_ONCE = 16;

/** Marks rows as to be looked at again, opening those that are closed: which state of their records was written last is not known. */
export async function askToLookAgain(
  temporal: { client: Client; taskQueue: string },
  rows: { process: string; entityType: string; id: string }[],
  at: Instant,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(rows.map((row) => limit(() => sendToRow(temporal, row, { kind: 'waiting', at, children: [] }))));
}
