/**
 * What is broken line by line, and the unit tests that are to notice. Each change of a line runs
 * the tests of its part that reach it, so a part has tests of its own that are quick.
 */
export const parts = {
  errors: { mutate: ['src/errors/*.ts'], tests: ['errors'] },
  model: { mutate: ['src/model/*.ts'], tests: ['model'] },
  json: { mutate: ['src/json/*.ts'], tests: ['json'] },
  definition: { mutate: ['src/definition/checks/**/*.ts'], tests: ['definition'] },
  fhir: { mutate: ['src/connectors/fhir/*.ts'], tests: ['connectors/fhir'] },
  avni: { mutate: ['src/connectors/avni/*.ts'], tests: ['connectors/avni'] },
  sync: { mutate: ['src/sync/*.ts'], tests: ['sync'] },
};
