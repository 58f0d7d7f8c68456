import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { newRow, reduceRow } from '../../../workflows/errored/row.js';
import { rowMemo } from '../../../workflows/errored/status.js';
import { rowSearchAttributes } from '../../../workflows/search-attributes.js';
import { expectSendable } from '../payload-size.js';
import { rowId } from './row-id.js';
import { marked } from '../../model/markdown.js';
import type { RowMessage } from '../../model/row-messages.js';

/**
 * Sends a message to a record's row, opening it where it is not: its list shows it at once as the
 * message makes it.
 */
export async function sendToRow(
  { client, taskQueue }: { client: Client; taskQueue: string },
  row: { process: string; entityType: string; id: string; host?: string; clockBound?: number },
  { kind, ...message }: Extract<RowMessage, { kind: 'failed' | 'waiting' }>,
): Promise<void> {
  const { at } = message;
  const { process, entityType, id } = row;
  expectSendable(`What is told of a record of ${entityType}`, [row, message]);
  const begun = reduceRow(newRow({ process, entityType, id }, at), { kind, ...message } as RowMessage);
  await client.workflow.signalWithStart('erroredRecord', {
    workflowId: rowId(row.process, row.entityType, row.id),
    taskQueue,
    args: [{ v: 1, ...row, at }],
    signal: kind,
    signalArgs: [message],
    memo: { row: rowMemo(begun) },
    typedSearchAttributes: rowSearchAttributes(begun).filter((pair): pair is SearchAttributePair => pair.value !== null),
    staticSummary: marked`${row.entityType} ${row.id.slice(0, 100)}`.text,
  });
}
