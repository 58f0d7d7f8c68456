import type { Context } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { doneOf, heldFailure } from './failures-of.js';
import { Judging } from './judging.js';
import type { EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';

/** Carries one record, before which its type stopped, to see whether things are well again. One that is gone, or has no id, says nothing against going on. */
export async function trialSucceeds(id: string, parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<boolean> {
  if (stampOfPlace(id) !== undefined) return true;
  const record = (await parts.source.fetch([id], c)).get(id);
  if (!record) return true;
  if ('error' in record) return false;
  const judging = new Judging(carrying.rows);
  const { outcomes, failures, inStep } = await carry([record], parts, { ...carrying, judging }, c);
  const [outcome] = outcomes;
  if (outcome?.fate === 'held') failures.push(heldFailure(record, outcome.on, parts));
  else if (outcome?.fate !== 'errored') inStep.push(doneOf(record, outcome ?? {}, parts));
  // What came of others on the way does not come again when its page does.
  await carrying.rows.record(judging.recordable(failures), c);
  await carrying.rows.inStep(inStep, c);
  return outcome?.fate !== 'errored' || parts.classify(outcome.error).then === 'ignore';
}
