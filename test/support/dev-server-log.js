import { fileURLToPath } from 'node:url';

/** Where the tests' Temporal dev server puts what it says. */
export const devServerLog = fileURLToPath(new URL('../../.sangam/temporal-of-tests.log', import.meta.url));
