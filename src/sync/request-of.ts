import type { SourceRecord, WriteRequest } from '../connectors/connector.js';
import type { EntityTypeParts } from './parts.js';

/** The request that writes, removes or marks one record. */
export function requestOf(
  record: Pick<SourceRecord, 'id' | 'version'>,
  parts: EntityTypeParts,
  action: WriteRequest['action'],
  resources: WriteRequest['resources'] = [],
): WriteRequest {
  const { integration, process, definition } = parts;
  return {
    origin: { integration, process, entityType: definition.name, id: record.id },
    version: record.version,
    action,
    resources,
    mayHaveWritten: Object.keys(definition.map),
    adopt: definition.to.adopt,
  };
}
