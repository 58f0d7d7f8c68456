export { integrationProcess } from './integration-process.js';
export { entitySync } from './entity-sync.js';
export { errorProcess } from './error-process.js';
export { recordSync } from './record-sync.js';
export { erroredRecord } from './errored-record.js';
export { plan } from './plan-workflow.js';
export { reconcile } from './reconcile-workflow.js';
export { preview } from './preview-workflow.js';
