const needTemporal = ['workflows', 'activities', 'temporal', 'end-to-end', 'cli'].map((folder) => `<rootDir>/test/${folder}/`);

const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  moduleNameMapper: { '^(\\.{1,2}/(?!.*dist/).*)\\.js$': '$1' },
};

export default {
  maxWorkers: 2,
  testTimeout: 150000,
  reporters: ['default', '<rootDir>/test/support/name-log.js'],
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: needTemporal },
    {
      ...common,
      displayName: 'temporal',
      testMatch: needTemporal.map((folder) => `${folder}**/*.test.ts`),
      globalSetup: '<rootDir>/test/support/temporal-setup.js',
      globalTeardown: '<rootDir>/test/support/temporal-teardown.js',
    },
  ],
};
