import type { ConnectorType } from '../connectors/connector.js';
import type { Definition } from '../definition/definition.js';
import { builtInErrorTypes } from '../errors/built-in.js';

/**
 * What to do about an error type, by its name: the definition's own, those of these connectors, or
 * the engine's.
 */
export function remedyOf(definition: Definition, connectors: (ConnectorType | undefined)[]): (errorType: string) => string | undefined {
  const types = [...definition.errorTypes, ...connectors.flatMap((each) => each?.errorTypes ?? []), ...builtInErrorTypes];
  return (errorType) => types.find(({ name }) => name === errorType)?.remedy;
}
