import tseslint from 'typescript-eslint';
import { keyedByData } from './scripts/eslint/keyed-by-data.js';

/** Borders between rooms: `files` may not import what `group` matches. */
const border = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message, allowTypeImports: true }] }] },
});

const temporal = ['@temporalio/*'];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.sangam/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
    ignores: ['src/model/keyed.ts'],
    plugins: { sangam: { rules: { 'keyed-by-data': keyedByData } } },
    rules: { 'sangam/keyed-by-data': 'error' },
  },
  {
    files: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
    ignores: ['src/cli/main.ts', 'workflows/show-details.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.object.name='process'][callee.property.name='write']",
          message: 'Only src/cli/main.ts prints, since it filters what would steer a terminal: use io.out or io.error.',
        },
        {
          selector:
            ':matches(Property[key.name=/^(summary|staticSummary|staticDetails)$/], VariableDeclarator[id.name=/summary$/i]) > :matches(TemplateLiteral[expressions.length>0], BinaryExpression)',
          message: 'The Web UI reads this as markdown: put values in by marked`…` of src/model/markdown.ts.',
        },
        {
          selector: "Property[key.name='path'] > TemplateLiteral > MemberExpression[property.name='id']",
          message: 'An id from outside may lead elsewhere: put it into a path by pathSegment of src/http/path-segment.ts.',
        },
        {
          selector: "ImportSpecifier[imported.name='setCurrentDetails']",
          message: 'The Web UI reads this as markdown: call showDetails.',
        },
      ],
    },
  },
  border(
    ['src/{http,errors,definition,mapping,connectors}/**/*.ts'],
    [...temporal, '**/temporal/**', '**/activities/**', '**/workflows/**', '**/cli/**', '**/simulators/**'],
    'Only src/temporal, activities/ and workflows/ know Temporal.',
  ),
  border(
    ['src/simulators/**/*.ts'],
    [...temporal, '**/temporal/**', '**/activities/**', '**/workflows/**', '**/cli/**'],
    'A simulator stands for another system: it knows nothing of the engine.',
  ),
  border(['src/model/**/*.ts'], ['node:*', '@*/**', '../**'], 'src/model is pure: everyone may import it, workflows too.'),
  border(
    ['src/sync/**/*.ts'],
    [
      ...temporal,
      '**/temporal/**',
      '**/activities/**',
      '**/workflows/**',
      '**/cli/**',
      '**/connectors/avni/**',
      '**/connectors/fhir/**',
      '**/simulators/**',
    ],
    'src/sync knows the contracts, not the connectors or Temporal.',
  ),
  border(
    ['workflows/**/*.ts'],
    [
      'node:*',
      'fs',
      'http',
      'https',
      'path',
      'got',
      'zod',
      'pino',
      '@temporalio/activity',
      '@temporalio/client',
      '@temporalio/worker',
      '**/src/*.js',
      '**/src/*/**',
      '!**/src/model/**',
      '**/activities/**',
    ],
    'Workflows import types, src/model, and pure helpers of workflows/ only.',
  ),
);
