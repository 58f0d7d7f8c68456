import { z } from 'zod';
import { definitionSchema } from './schema/definition.js';

/** The JSON Schema of a definition, for editors to complete and check the YAML by. */
export function definitionJsonSchema(): object {
  return z.toJSONSchema(definitionSchema, { io: 'input', target: 'draft-7', reused: 'inline' });
}
