import config from '../../jest.config.js';
import { parts } from './parts.mjs';

const { displayName: _name, ...unit } = config.projects[0];
const { tests } = parts[process.env.SANGAM_MUTATE];

/** The unit tests of one part. */
export default { ...unit, testMatch: tests.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`), testTimeout: config.testTimeout };
