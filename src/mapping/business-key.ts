import type { Key } from '../connectors/connector.js';
import { MappingFailed } from './mapping.js';

/** A business key from what its expression gave. `name`: the expression's place in the definition. @throws MappingFailed */
export function businessKey(name: string, system: string | undefined, value: unknown): Key {
  if ((typeof value === 'string' && value !== '') || typeof value === 'number')
    return { ...(system !== undefined ? { system } : {}), value: String(value) };
  const missing = value === undefined || value === null || value === '';
  throw new MappingFailed({
    code: missing ? 'KeyMissing' : 'KeyInvalid',
    message: missing ? `The business key ${name} is empty in this record.` : `The business key ${name} is neither text nor a number.`,
    remedy: missing
      ? 'Fill in the field that the key is made of, or leave such records out by “when”.'
      : 'Make the expression give one text or number.',
    expression: name,
    path: name,
  });
}
