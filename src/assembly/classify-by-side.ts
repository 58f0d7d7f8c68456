import type { ConnectorType } from '../connectors/connector.js';
import type { Definition, ProcessDefinition } from '../definition/definition.js';
import { classifier } from '../errors/classify.js';
import type { Classify, ErrorType } from '../errors/error-type.js';

/**
 * Puts the failures of an entity type under the definition's error types, then those of the
 * connector whose system spoke, then the engine's own: what a source cannot give is `Unreadable`,
 * what a destination does not take is `Refused`, or has the name of one of its types where its
 * connector found it before writing.
 */
export function classifyBySide(
  definition: Definition,
  process: ProcessDefinition,
  { source, destination }: { source: ConnectorType | undefined; destination: ConnectorType | undefined },
): Classify {
  const under = (types: readonly ErrorType[]): Classify => classifier([...definition.errorTypes, ...types], process.errors.unclassified);
  const [ofSource, ofDestination, ofEngine] = [under(source?.errorTypes ?? []), under(destination?.errorTypes ?? []), under([])];
  const refusals = new Set(['Refused', ...(destination?.errorTypes ?? []).map(({ name }) => name)]);
  return (error) => (error.code === 'Unreadable' ? ofSource : refusals.has(error.code) ? ofDestination : ofEngine)(error);
}
