import type { Context, Page } from '../connectors/connector.js';
import { Cancelled } from '../errors/system-failure.js';
import { keyOf } from '../model/record-key.js';
import type { Surroundings } from './batch.js';
import { recordErrored } from './failures-of.js';
import { killsWorker, type InHand } from './in-hand.js';
import { processPage, type PageResult } from './page.js';
import type { EntityTypeParts } from './parts.js';

/**
 * Processes a page record by record, each told as in hand before it is tried: workers were lost
 * with this page. The one that is known to kill its worker is an error of its own.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function processOneByOne(
  page: Page,
  parts: EntityTypeParts,
  around: Surroundings,
  inHand: InHand,
  c: Context,
): Promise<PageResult> {
  const { name: entityType } = parts.definition;
  const given = new Set(page.records.flatMap(({ id }) => (id === undefined ? [] : [keyOf({ entityType, id })])));
  const whole: PageResult = { results: [], brought: 0, failures: [], inStep: [], tried: [] };
  for (const record of page.records) {
    if (c.signal.aborted) throw new Cancelled('Cancelled between two records');
    if (!('error' in record) && inHand.kills(record.id)) {
      const failure = recordErrored(record, killsWorker, parts);
      whole.results.push({ id: record.id, stamp: failure.stamp, result: 'errored' });
      whole.failures.push(failure);
      continue;
    }
    if (record.id !== undefined) await inHand.take(record.id);
    add(whole, await processPage({ ...page, records: [record] }, parts, { ...around, given }, c));
  }
  return whole;
}

function add(whole: PageResult, { results, brought, failures, inStep, tried }: PageResult): void {
  whole.brought += brought;
  whole.results.push(...results);
  whole.failures.push(...failures);
  whole.inStep.push(...inStep);
  whole.tried.push(...tried);
}
