import { identifierOf } from './keys.js';
import { defaultMark } from './marks.js';
import { notTold, type Part } from './part.js';
import { elementProblems } from './shape.js';
import { fhirDestinationSettings, typesOf } from './settings.js';

interface Found {
  path: string[];
  message: string;
}

/**
 * What is wrong with `to:` beyond its form: marks that are not of R4, and keys where a type has no
 * identifier. `keyed`: names of resources that have a key.
 */
export function checkSettings(settings: unknown, _resourceNames: string[], keyed: string[]): Found[] {
  const parsed = fhirDestinationSettings.parse(settings);
  const types = typesOf(parsed);
  const marks = Object.entries(parsed.mark ?? {}).flatMap(([type, mark]) => markProblems(type, mark, types));
  return [...marks, ...partProblems(types, parsed), ...(keyed.length > 0 ? keyProblems(types) : [])];
}

function partProblems(types: string[], part: Part): Found[] {
  return types.flatMap((type) =>
    notTold(type, part).map((name) => ({
      path: [name],
      message: `${type} has no element ${name} in FHIR R4, so its resources cannot be told apart by it: use tag.`,
    })),
  );
}

/**
 * Types whose default mark is not valid R4, with the mark and why; those with a mark of the
 * definition's own are judged by the other check.
 */
export function unmarkable(settings: unknown): { type: string; mark: string; why: string }[] {
  const parsed = fhirDestinationSettings.parse(settings);
  return typesOf(parsed).flatMap((type) => {
    if (parsed.mark && Object.hasOwn(parsed.mark, type)) return [];
    const mark = defaultMark(type);
    const [problem] = elementProblems(type, mark);
    return problem ? [{ type, mark: JSON.stringify(mark), why: `${problem.path}: ${problem.why}` }] : [];
  });
}

function markProblems(type: string, mark: Record<string, unknown>, types: string[]): Found[] {
  if (!types.includes(type))
    return [{ path: ['mark', type], message: `"${type}" is not among the types that are written: ${types.join(', ')}.` }];
  if (Object.keys(mark).length === 0) return [{ path: ['mark', type], message: `The mark of ${type} is empty, so it would mark nothing.` }];
  const reserved = ['id', 'meta', 'resourceType', 'identifier'].find((name) => Object.hasOwn(mark, name));
  if (reserved !== undefined)
    return [{ path: ['mark', type, reserved], message: `"${reserved}" says which resource it is: a mark must leave it alone.` }];
  const empty = emptyAt(mark, type);
  const found = empty === undefined ? elementProblems(type, mark) : [{ path: empty, why: 'it is empty' }];
  return found.map(({ path, why }) => ({
    path: ['mark', type],
    message: `The mark is not valid FHIR R4 at ${path}: ${why}.`,
  }));
}

/**
 * Where something is empty, which R4 has nowhere: what is marked is sent as it is, and nothing
 * dropped of it.
 */
function emptyAt(value: unknown, path: string): string | undefined {
  if (value === null || value === '') return path;
  if (typeof value !== 'object') return undefined;
  const members = Object.entries(value);
  if (members.length === 0) return path;
  return members.map(([name, each]) => emptyAt(each, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`)).find(Boolean);
}

/**
 * Which of several types a resource has, its expression says: what has no room for its key is then
 * an error of the record.
 */
function keyProblems(types: string[]): Found[] {
  if (types.some((type) => identifierOf(type) !== 'none')) return [];
  return [
    { path: ['key'], message: `${types.join(' and ')} has no identifier in FHIR R4, so nothing of it can be met by a business key.` },
  ];
}
