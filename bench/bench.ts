// `npm run bench [-- --only NAME]`: measures, prints a table, writes bench/results.json; status 1
// where a figure falls short.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { holds, type Figure } from './figure.js';
import { measurements } from './measurements.js';
import { tableOf } from './table.js';

const names = measurements.map(({ name }) => name).join(', ');
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const chosen = measurements.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`There is no measurement "${only}". There are: ${names}.`);
  process.exit(2);
}
const figures: Record<string, Figure[]> = {};
const problems: string[] = [];
for (const { name, measure } of chosen) {
  const log = (line: string): void => console.error(`${name}: ${line}`);
  try {
    figures[name] = await measure(log);
  } catch (error) {
    problems.push(`${name} could not be measured: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
const all = Object.values(figures).flat();
console.log(tableOf(all));
for (const problem of problems) console.log(problem);
const results = { at: new Date().toISOString(), node: process.version, figures, problems };
await writeFile(join('bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = problems.length === 0 && all.every(holds) ? 0 : 1;
