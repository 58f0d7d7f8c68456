import type { SourceRecord } from '../connectors/connector.js';
import type { Removal } from '../definition/definition.js';
import { MappingFailed } from '../mapping/mapping.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';

/** A record on its way: decided already, to be taken away, or waiting for its parents. */
export type Step = { outcome: Outcome } | { removal: Exclude<Removal, 'keep'> } | { upsert: true };

/** What is to become of a record by itself: whether it is voided, and whether `when` lets it through. */
export async function decide(record: SourceRecord, { definition, mapping }: EntityTypeParts): Promise<Step> {
  try {
    const policy = record.voided ? definition.whenVoided : (await mapping.accepts(record.body)) ? undefined : definition.whenNoLonger;
    return policy === undefined ? { upsert: true } : leaving(policy);
  } catch (error) {
    return { outcome: erroredBy(error) };
  }
}

/** The step of a record that no longer belongs in the destination. */
export function leaving(policy: Removal): Step {
  return policy === 'keep' ? { outcome: { fate: 'filtered' } } : { removal: policy };
}

/** The outcome of a record that its expressions fail on. @throws what else is thrown: a defect */
export function erroredBy(error: unknown): Outcome {
  if (error instanceof MappingFailed) return { fate: 'errored', error: error.error };
  throw error;
}
