import { dependsOf, entityTypesOf, type Draft, type DraftEntityType, type DraftProcess } from '../draft.js';
import type { Report } from '../source/report.js';
import { didYouMean, listed } from '../source/suggest.js';

/**
 * What is under `dependsOn` are entity types of the same process that go the same way, and no type
 * depends on itself in the end.
 */
export function checkParents(draft: Draft, report: Report): void {
  for (const process of draft.processes.values()) {
    for (const entityType of process.entityTypes.values())
      for (const parent of Object.keys(entityType.input?.dependsOn ?? {})) checkParent(parent, entityType, process, draft, report);
    for (const cycle of cyclesOf(process))
      report.add(
        'DependencyCycle',
        [...cycle.at, cycle.key],
        `These depend on one another in a circle: ${cycle.names.join(' → ')}; none of them could be first.`,
        { of: 'key' },
      );
  }
}

function checkParent(name: string, child: DraftEntityType, process: DraftProcess, draft: Draft, report: Report): void {
  const at = [...child.at, 'dependsOn', name];
  const parent = process.entityTypes.get(name);
  if (!parent) {
    const elsewhere = entityTypesOf(draft).find((other) => other.name === name);
    const known = [...process.entityTypes.keys()].filter((each) => each !== child.name);
    if (elsewhere)
      report.add('ParentElsewhere', at, `${name} is in process ${elsewhere.process}; a parent must be in the same process.`, { of: 'key' });
    else
      report.add('UnknownParent', at, `There is no entity type "${name}" in this process.${didYouMean(name, known)}`, {
        of: 'key',
        allowed: listed(known),
      });
    return;
  }
  if (!parent.input || !child.input) return;
  const named = [child.input, parent.input].flatMap(({ from, to }) => [from.system, to.system]);
  if (!named.every((system) => draft.systems.has(system))) return;
  const [ours, theirs] = [child.input, parent.input].map(({ from, to }) => `from ${from.system} to ${to.system}`);
  if (ours !== theirs)
    report.add('ParentElsewhere', at, `${child.name} goes ${ours}, but its parent ${name} goes ${theirs}; both must go the same way.`, {
      of: 'key',
    });
}

interface Cycle {
  at: DraftEntityType['at'];
  /** Where the first of them names the next. */
  key: 'dependsOn' | 'parents';
  names: string[];
}

/** Each circle once, as the names along it; also one that goes to the other system and back. */
function cyclesOf(process: DraftProcess): Cycle[] {
  const done = new Set<string>();
  const cycles: Cycle[] = [];
  const visit = (name: string, path: string[]): void => {
    const entityType = process.entityTypes.get(name);
    if (!entityType || done.has(name)) return;
    if (path.includes(name)) {
      const names = [...path.slice(path.indexOf(name)), name];
      const key = Object.hasOwn(entityType.input?.dependsOn ?? {}, names[1] ?? '') ? 'dependsOn' : 'parents';
      cycles.push({ at: entityType.at, key, names });
      return;
    }
    for (const parent of dependsOf(entityType.input)) visit(parent, [...path, name]);
    done.add(name);
  };
  for (const name of process.entityTypes.keys()) visit(name, []);
  return cycles;
}
