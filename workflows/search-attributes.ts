import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Search attributes: never encrypted, so never a person's data. Names and types are final. */
export const integrationProcessKey = defineSearchAttributeKey('IntegrationProcess', SearchAttributeType.KEYWORD);
export const entityTypeKey = defineSearchAttributeKey('EntityType', SearchAttributeType.KEYWORD);
export const syncStateKey = defineSearchAttributeKey('SyncState', SearchAttributeType.KEYWORD);
