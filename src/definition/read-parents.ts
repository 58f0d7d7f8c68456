import { formerlyOf } from './checks/names.js';
import type { ParentDefinition } from './definition.js';
import { entityTypesOf, type Draft, type DraftEntityType } from './draft.js';
import type { Endpoints } from './read-endpoints.js';
import type { EntityTypeInput } from './schema/entity-type.js';
import type { Path } from './source/path.js';
import type { Report } from './source/report.js';
import { parseReported } from './source/schema-problems.js';
import { didYouMean, listed } from './source/suggest.js';

type ParentInput = NonNullable<EntityTypeInput['parents']>[string];
type AllEndpoints = ReadonlyMap<DraftEntityType, Endpoints>;

/**
 * Checks `parents` of every entity type, and reads them: each after the one it is looked for
 * within.
 */
export function readParents(draft: Draft, endpoints: AllEndpoints, report: Report): Map<DraftEntityType, [string, ParentDefinition][]> {
  return new Map(entityTypesOf(draft).map((entityType) => [entityType, readAll(entityType, draft, endpoints, report)]));
}

function readAll(entityType: DraftEntityType, draft: Draft, endpoints: AllEndpoints, report: Report): [string, ParentDefinition][] {
  const { input, name, at } = entityType;
  if (!input?.parents) return [];
  if (input.whenParentMissing === 'bring' && Object.keys(input.dependsOn ?? {}).length === 0)
    report.add(
      'CannotBring',
      [...at, 'whenParentMissing'],
      `The parents of ${name} are owned by another system, and so never brought over.`,
      {
        allowed: 'hold, filter, fail',
      },
    );
  const read = Object.entries(input.parents).flatMap(([parent, given]): [string, ParentDefinition][] => {
    const found = readOne(parent, given, { entityType, input, draft, endpoints, report });
    return found ? [[parent, found]] : [];
  });
  return ordered(read, entityType, report);
}

/** As `add` of a report, and gives nothing. */
const refuseIn =
  (report: Report) =>
  (...problem: Parameters<Report['add']>): undefined => {
    report.add(...problem);
    return undefined;
  };

interface Around {
  entityType: DraftEntityType;
  input: EntityTypeInput;
  draft: Draft;
  endpoints: AllEndpoints;
  report: Report;
}

function readOne(name: string, given: ParentInput, around: Around): ParentDefinition | undefined {
  const { entityType, input, report } = around;
  const refuse = refuseIn(report);
  const at: Path = [...entityType.at, 'parents', name];
  if (Object.hasOwn(input.dependsOn ?? {}, name))
    return refuse('DuplicateName', at, `“dependsOn” has a ${name} too: $parent could not tell which of the two is meant.`, { of: 'key' });
  if (given.system !== input.to.system)
    return refuse(
      'ParentElsewhere',
      [...at, 'system'],
      `${entityType.name} is written to ${input.to.system}, so that is where its parents are; what it depends on elsewhere stands under “dependsOn”.`,
      { allowed: input.to.system },
    );
  const { writtenFrom, reference, find } = given;
  if (writtenFrom !== undefined && reference !== undefined && !find) return readWritten(at, writtenFrom, reference, around);
  if (find && writtenFrom === undefined && reference === undefined) return readFind(at, find, around);
  return refuse('WrongValue', at, `"${name}" must have either writtenFrom and reference, or find.`, { of: 'key' });
}

function readWritten(at: Path, writtenFrom: string, reference: string, around: Around): ParentDefinition | undefined {
  const { entityType, input, draft, endpoints, report } = around;
  const refuse = refuseIn(report);
  const place: Path = [...at, 'writtenFrom'];
  const types = draft.processes.get(entityType.process)?.entityTypes;
  const parent = types?.get(writtenFrom);
  if (!parent) {
    const known = [...(types?.keys() ?? [])].filter((each) => each !== entityType.name);
    return refuse('UnknownParent', place, `There is no entity type "${writtenFrom}" in this process.${didYouMean(writtenFrom, known)}`, {
      allowed: listed(known),
    });
  }
  if (!parent.input) return undefined;
  const { from, to } = parent.input;
  if (from.system !== input.to.system || to.system !== input.from.system)
    return refuse(
      'ParentElsewhere',
      place,
      `${writtenFrom} goes from ${from.system} to ${to.system}: what ${entityType.name} refers to in ${input.from.system} must have been written there from ${input.to.system}.`,
    );
  const source = endpoints.get(entityType)?.from?.system.type;
  if (source && !source.tellsOrigins)
    return refuse(
      'CannotTrace',
      place,
      `${entityType.name} reads from ${input.from.system}, but its connector ${source.name} cannot say from what a record there was written.`,
      { allowed: 'find, with a value by which the parent is known' },
    );
  const type = endpoints.get(parent)?.from?.reads?.type ?? writtenFrom;
  return { writtenFrom, names: [writtenFrom, ...formerlyOf(parent.input)], type, reference };
}

function readFind(at: Path, given: NonNullable<ParentInput['find']>, around: Around): ParentDefinition | undefined {
  const { entityType, input, endpoints, report } = around;
  const refuse = refuseIn(report);
  const { value, of, ...settings } = given;
  const place: Path = [...at, 'find'];
  if (value === undefined && of === undefined)
    return refuse('MissingKey', place, '"find" says neither by which value the parent is known, nor within what it is.', {
      of: 'key',
      allowed: 'value, of, or both',
    });
  const known = [...Object.keys(input.parents ?? {}), ...Object.keys(input.dependsOn ?? {})].filter((each) => each !== at.at(-1));
  if (of !== undefined && !known.includes(of))
    return refuse('UnknownParent', [...place, 'of'], `${entityType.name} has no other parent "${of}".${didYouMean(of, known)}`, {
      allowed: listed(known),
    });
  const type = endpoints.get(entityType)?.to?.system.type;
  if (!type) return undefined;
  if (!type.lookUpSettings)
    return refuse('CannotLookUp', place, `${input.to.system} cannot be asked for parents: its connector ${type.name} looks nothing up.`, {
      of: 'key',
      allowed: 'writtenFrom and reference',
    });
  const find = parseReported(type.lookUpSettings, settings, report, { at: place, alsoAllowed: ['value', 'of'] });
  if (find === undefined) return undefined;
  return { find, ...(value !== undefined ? { value } : {}), ...(of !== undefined ? { of } : {}) };
}

/** Each behind the one it is looked for within. */
function ordered(all: [string, ParentDefinition][], { at }: DraftEntityType, report: Report): [string, ParentDefinition][] {
  const placed: [string, ParentDefinition][] = [];
  const place = (name: string, path: string[]): void => {
    const own = all.find(([each]) => each === name);
    if (!own || placed.includes(own)) return;
    if (path.includes(name))
      return report.add(
        'DependencyCycle',
        [...at, 'parents', name],
        `The parents ${[...path, name].join(' → ')} are each looked for within the next.`,
        {
          of: 'key',
        },
      );
    const [, parent] = own;
    if ('of' in parent && parent.of !== undefined) place(parent.of, [...path, name]);
    if (!placed.includes(own)) placed.push(own);
  };
  for (const [name] of all) place(name, []);
  return placed;
}
