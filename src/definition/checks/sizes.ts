import { getOwn } from '../../model/keyed.js';
import { mapping } from '../draft.js';
import type { Report } from '../source/report.js';

const MAX_ENTITY_TYPES = 1_000;
const MAX_NAMED = 1_000;

/**
 * Whether a file is of a size whose parts can be compared with one another; reports what it has too
 * many of.
 */
export function checkSizes(value: unknown, report: Report): boolean {
  const file = mapping(value);
  let fits = true;
  const refuse = (key: string, count: number, what: string, most: number): void => {
    if (count <= most) return;
    fits = false;
    report.add('TooLarge', [key], `There are ${count} ${what} in one definition.`, { of: 'key', allowed: `at most ${most}` });
  };
  for (const [key, what] of Object.entries({
    systems: 'systems',
    codes: 'code tables',
    functions: 'functions',
    errorTypes: 'error types',
    processes: 'processes',
  }))
    refuse(key, Object.keys(mapping(getOwn(file, key))).length, what, MAX_NAMED);
  const processes = Object.values(mapping(file['processes']));
  const entityTypes = processes.reduce((sum: number, each) => sum + Object.keys(mapping(mapping(each)['entityTypes'])).length, 0);
  refuse('processes', entityTypes, 'entity types', MAX_ENTITY_TYPES);
  return fits;
}
