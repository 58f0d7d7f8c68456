import { dependsOf, entityTypesOf, resourcesOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { EntityTypeInput } from '../schema/entity-type.js';
import type { Path } from '../source/path.js';
import type { Report } from '../source/report.js';
import { keysOf } from './names.js';

/**
 * Resources of which a record has one for each item of a list, and shared ones: what they need, and
 * what they cannot be.
 */
export function checkSeveral(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  const parents = new Set(entityTypesOf(draft).flatMap(({ input }) => dependsOf(input)));
  for (const entityType of entityTypesOf(draft)) {
    const { input, at } = entityType;
    if (!input || resourcesOf(input).every(([, { each, shared }]) => each === undefined && shared !== true)) continue;
    const to = endpoints.get(entityType)?.to;
    if (to && to.system.type?.takesSeveral !== true) {
      const message = `${to.system.name} is of a kind that cannot tell all that was written for one record: it takes neither "each" nor "shared".`;
      report.add('CannotTakeSeveral', [...at, 'map'], message, { of: 'key' });
    }
    checkKeys(input, at, report);
    if (parents.has(entityType.name)) checkParent(entityType.name, input, at, report);
  }
}

function checkKeys(input: EntityTypeInput, at: Path, report: Report): void {
  const keys = keysOf(input);
  for (const [name, { each, shared }] of resourcesOf(input)) {
    const has = Object.hasOwn(keys, name);
    if (each !== undefined && has)
      report.add('KeyWithEach', [...at, 'to', 'key'], `"${name}" has a resource for each item, which have their ids of their own.`, {
        allowed: 'no key for it',
      });
    if (shared === true && !has)
      report.add('SharedWithoutKey', [...at, 'map', name], `"${name}" is shared, but has no "key" by which others know it again.`, {
        of: 'key',
        allowed: `to: { key: { ${name}: { system: …, value: … } } }`,
      });
  }
}

/** What others depend on is told by its first resource, which so is one, and its own. */
function checkParent(name: string, input: EntityTypeInput, at: Path, report: Report): void {
  const [first, ...others] = resourcesOf(input);
  if (!first) return;
  const keys = keysOf(input);
  const keyed = [first, ...others].some(([own, { shared }]) => shared !== true && Object.hasOwn(keys, own));
  if (first[1].each !== undefined || first[1].shared === true)
    report.add(
      'FirstNotSingle',
      [...at, 'map', first[0]],
      `Others depend on ${name}, so the first resource of its "map" must be one of its own.`,
      {
        of: 'key',
        allowed: 'the resource that its children refer to, without "each" and "shared"',
      },
    );
  else if (keyed && others.some(([, { each }]) => each !== undefined))
    report.add(
      'KeyWithEach',
      [...at, 'to', 'key'],
      `Others depend on ${name}, which has resources for each item: it is found by its own id, not by a key.`,
    );
}
