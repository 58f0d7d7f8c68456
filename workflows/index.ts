export { integrationProcess } from './integration-process.js';
export { entitySync } from './entity-sync.js';
