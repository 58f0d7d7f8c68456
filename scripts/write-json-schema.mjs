// Writes the JSON Schema that lets editors complete and check definitions; run after `npm run setup`.
import { writeFileSync } from 'node:fs';
import { connectorTypes } from '../dist/src/connectors/all.js';
import { definitionJsonSchema } from '../dist/src/definition/json-schema.js';

writeFileSync(
  new URL('../integrations/definition.schema.json', import.meta.url),
  `${JSON.stringify(definitionJsonSchema(connectorTypes), null, 2)}\n`,
);
