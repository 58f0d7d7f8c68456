import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { errorTypeOf } from './errored/status.js';
import type { RowState } from './errored/row.js';

/** Search attributes: never encrypted, so never a person's data. Names and types are final. */
export const integrationProcessKey = defineSearchAttributeKey('IntegrationProcess', SearchAttributeType.KEYWORD);
export const entityTypeKey = defineSearchAttributeKey('EntityType', SearchAttributeType.KEYWORD);
export const syncStateKey = defineSearchAttributeKey('SyncState', SearchAttributeType.KEYWORD);
export const errorTypeKey = defineSearchAttributeKey('ErrorType', SearchAttributeType.KEYWORD);
export const firstFailedAtKey = defineSearchAttributeKey('FirstFailedAt', SearchAttributeType.DATETIME);
export const retryAtKey = defineSearchAttributeKey('RetryAt', SearchAttributeType.DATETIME);

/** Those of an errored record; null for one that has no value now. */
export function rowSearchAttributes(row: RowState): SearchAttributeUpdatePair[] {
  return [
    { key: integrationProcessKey, value: row.process },
    { key: entityTypeKey, value: row.entityType },
    { key: errorTypeKey, value: errorTypeOf(row) },
    { key: firstFailedAtKey, value: new Date(row.firstFailedAt) },
    { key: retryAtKey, value: row.retryAt !== undefined ? new Date(row.retryAt) : null },
  ];
}
