import { startService } from './start-service.js';

/** One Temporal service on PostgreSQL for the whole run. */
export default async function setup() {
  globalThis.sangamService = await startService((line) => console.error(line));
  process.env.SANGAM_TEST_TEMPORAL = globalThis.sangamService.address;
}
