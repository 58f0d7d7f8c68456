import { temporalPrograms } from './temporal-programs.js';

// Gets what takes minutes, apart from the tests, so that these need not wait for it.
await temporalPrograms({ log: (line) => console.error(line) }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
