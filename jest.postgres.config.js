import common from './jest.config.js';

const [, temporal] = common.projects;

/** The end-to-end tests over a Temporal service on PostgreSQL, with the limits of production. */
export default {
  ...common,
  maxWorkers: 1,
  projects: [
    {
      ...temporal,
      displayName: 'postgres',
      testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/postgres/setup.js',
      globalTeardown: '<rootDir>/test/support/postgres/teardown.js',
    },
  ],
};
