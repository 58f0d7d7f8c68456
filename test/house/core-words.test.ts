import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

const CORE = [
  'workflows',
  'activities',
  ...['sync', 'mapping', 'model', 'definition', 'errors', 'temporal', 'json', 'http'].map((name) => `src/${name}`),
];

/** Words of one kind of system. `concepts` is a setting of every definition, so not among them. */
const ONE_SYSTEMS = /avni|fhir|hl7|hapi|openmrs|dhis|observation|enrolment|encounter|patient|operationoutcome|resourcetype|bundle/i;

/** Temporal calls the built workflow code a bundle. */
const BUILDS_WORKFLOWS = ['src/temporal/build-bundle.ts', 'src/temporal/create-worker.ts'];

it('nothing but a connector knows a word that only its system has', () => {
  const files = execFileSync('git', ['ls-files', ...CORE.map((folder) => `${folder}/*.ts`)], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !BUILDS_WORKFLOWS.includes(file));
  expect(files.length).toBeGreaterThan(200);
  const lines = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (ONE_SYSTEMS.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [])),
  );
  expect(lines).toEqual([]);
});
