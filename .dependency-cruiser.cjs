/** Borders between folders, and no file in a circle: `npm run graph` fails on an arrow that breaks one of these. */
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: { path: '^(src|workflows|activities)/' }, to: { circular: true } },
    {
      name: 'model-is-pure',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { path: '^(src/(?!model/)|workflows/|activities/)' },
    },
    {
      name: 'pipeline-knows-contracts-alone',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: { path: '^(src/(connectors/(?!connector\\.ts)|temporal/|cli/|simulators/|assembly/)|workflows/|activities/)' },
    },
    {
      name: 'workflows-know-what-is-pure',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(src/(temporal|cli|simulators|assembly|http|mapping)/|activities/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
    reporterOptions: { archi: { collapsePattern: '^(src/[^/]+|workflows|activities)' } },
  },
};
