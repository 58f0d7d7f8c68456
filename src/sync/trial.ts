import type { Context } from '../connectors/connector.js';
import type { Surroundings } from './batch.js';
import { Budget } from './budget.js';
import { doneOf, failureOfHeld } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import { processRecords } from './process-records.js';

/**
 * Processes one record, before which its type stopped, to see whether things are well again. One
 * that is gone, or has no id, says nothing against going on.
 */
export async function trialSucceeds(id: string, parts: EntityTypeParts, around: Surroundings, c: Context): Promise<boolean> {
  if (stampOfPlace(id) !== undefined) return true;
  const record = (await parts.source.fetch([id], c)).get(id);
  if (!record) return true;
  if ('error' in record) return false;
  const budget = new Budget(around.rows);
  const { outcomes, failures, inStep } = await processRecords([record], parts, { ...around, budget }, c);
  const [outcome] = outcomes;
  if (outcome?.result === 'held') failures.push(failureOfHeld(record, outcome, parts));
  else if (outcome?.result !== 'errored') inStep.push(doneOf(record, outcome, parts));
  // What came of others on the way does not come again when its page does.
  await around.rows.record(budget.recordable(failures), c);
  await around.rows.inStep(inStep, c);
  return outcome?.result !== 'errored' || parts.classify(outcome.error).then === 'ignore';
}
