import { parts } from './parts.mjs';

const { SANGAM_MUTATE: part, SANGAM_MUTATE_FILES: files } = process.env;

export default {
  testRunner: 'jest',
  jest: { configFile: 'scripts/mutate/jest.config.js', enableFindRelatedTests: true },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  mutate: files ? files.split(' ') : parts[part].mutate,
  // Words for people may change without a test.
  mutator: { excludedMutations: ['StringLiteral'] },
  // What is made once, as a module is loaded, cannot be changed while it runs.
  ignoreStatic: true,
  concurrency: 1,
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 85, low: 85, break: 85 },
  tempDirName: '.sangam/mutate',
  ignorePatterns: ['.sangam', '.git'],
  allowEmpty: false,
};
