import type { SourceRecord } from '../connectors/connector.js';
import type { Removal } from '../definition/definition.js';
import type { RecordError } from '../errors/record-error.js';
import { MappingFailed } from '../mapping/mapping.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';

/** A record on its way: decided already, to be taken away, or waiting for its parents. */
export type Step = { outcome: Outcome } | { removal: Exclude<Removal, 'keep'> } | { upsert: true };

/** What is to become of a record by itself: whether it is voided, and whether `when` lets it through. */
export async function decide(record: SourceRecord, { definition, mapping }: EntityTypeParts, signal: AbortSignal): Promise<Step> {
  try {
    const policy = record.voided
      ? definition.whenVoided
      : (await mapping.accepts(record.body, signal))
        ? undefined
        : definition.whenNoLonger;
    return policy === undefined ? { upsert: true } : leaving(policy);
  } catch (error) {
    return { outcome: erroredBy(error) };
  }
}

/** The step of a record that no longer belongs in the destination. */
export function leaving(policy: Removal): Step {
  return policy === 'keep' ? { outcome: { fate: 'filtered' } } : { removal: policy };
}

/** JavaScript's stack is taken up by what is in one another thousands of times: that is in the record, or made by its expressions. */
const tooDeep: RecordError = {
  code: 'MappingTooLong',
  message: 'What the record holds, or what its expressions make of it, is nested too deeply to be dealt with.',
  remedy: 'Correct the record in its source, or make the expressions leave that part out.',
};

/** The outcome of a record that its expressions fail on. @throws what else is thrown: a defect */
export function erroredBy(error: unknown): Outcome {
  if (error instanceof MappingFailed) return { fate: 'errored', error: error.error };
  if (error instanceof RangeError) return { fate: 'errored', error: tooDeep };
  throw error;
}
