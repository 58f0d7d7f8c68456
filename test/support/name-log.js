import { relative } from 'node:path';
import { devServerLog } from './dev-server-log.js';

/** A reporter of Jest: names the log of the Temporal dev server where a test failed. */
export default class NameLog {
  onRunComplete(_contexts, { numFailedTests, numFailedTestSuites }) {
    if (numFailedTests + numFailedTestSuites > 0 && globalThis.sangamServer)
      console.error(`What the tests' Temporal server said is in ${relative(process.cwd(), devServerLog)}.`);
  }
}
