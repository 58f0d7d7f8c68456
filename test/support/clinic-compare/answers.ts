import { observationsOf, type AvniRecord } from '../../../src/cli/demo/compare/avni-record.js';
import { getOwn } from '../../../src/model/keyed.js';

/** The answers to a coded question, of which there may be one, several or none. */
export function answersTo(concept: string, record: AvniRecord): string[] {
  const value = getOwn(observationsOf(record), concept);
  return value === undefined ? [] : ([value].flat() as string[]);
}
