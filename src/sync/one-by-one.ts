import type { Context, Page } from '../connectors/connector.js';
import { Cancelled } from '../errors/system-failure.js';
import { keyOf } from './attempt.js';
import type { Carrying } from './carry.js';
import { recordErrored } from './failures-of.js';
import { killsWorker, type InHand } from './in-hand.js';
import { carryPage, type PageResult } from './page.js';
import type { EntityTypeParts } from './parts.js';

/**
 * Carries a page record by record, each told as in hand before it is tried: workers were lost with this page. The one that is known to kill
 * its worker is an error of its own.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function carryOneByOne(
  page: Page,
  parts: EntityTypeParts,
  carrying: Carrying,
  inHand: InHand,
  c: Context,
): Promise<PageResult> {
  const { name } = parts.definition;
  const given = new Set([...(carrying.given ?? []), ...page.records.flatMap(({ id }) => (id === undefined ? [] : [keyOf(name, id)]))]);
  const whole: PageResult = { fates: [], brought: 0, failures: [], inStep: [], tried: [] };
  for (const record of page.records) {
    if (c.signal.aborted) throw new Cancelled('Cancelled between two records');
    if (!('error' in record) && inHand.kills(record.id)) {
      const failure = recordErrored(record, killsWorker, parts);
      add(whole, {
        fates: [{ id: failure.id, stamp: failure.stamp, fate: 'errored' }],
        brought: 0,
        failures: [failure],
        inStep: [],
        tried: [],
      });
      continue;
    }
    if (record.id !== undefined) await inHand.take(record.id);
    add(whole, await carryPage({ ...page, records: [record] }, parts, { ...carrying, given }, c));
  }
  return whole;
}

function add(whole: PageResult, part: PageResult): void {
  whole.brought += part.brought;
  whole.fates.push(...part.fates);
  whole.failures.push(...part.failures);
  whole.inStep.push(...part.inStep);
  whole.tried.push(...part.tried);
}
