import type { ConnectorType } from '../connectors/connector.js';
import type { Definition, ProcessDefinition } from '../definition/definition.js';
import { classifier } from '../errors/classify.js';
import type { Classify, ErrorType } from '../errors/error-type.js';

/**
 * Puts the failures of an entity type under the definition's error types, then those of the
 * connector whose system spoke, then the engine's own: what a source cannot give is `Unreadable`,
 * what a destination does not take is `Refused`.
 */
export function classifyBySide(
  definition: Definition,
  process: ProcessDefinition,
  { source, destination }: { source: ConnectorType | undefined; destination: ConnectorType | undefined },
): Classify {
  const under = (types: readonly ErrorType[]): Classify => classifier([...definition.errorTypes, ...types], process.errors.unclassified);
  const [ofSource, ofDestination, ofEngine] = [under(source?.errorTypes ?? []), under(destination?.errorTypes ?? []), under([])];
  return (error) => (error.code === 'Unreadable' ? ofSource : error.code === 'Refused' ? ofDestination : ofEngine)(error);
}
