import { identifierOf } from './keys.js';
import { elementProblems } from './shape.js';
import { fhirDestinationSettings, typesOf } from './settings.js';

interface Found {
  path: string[];
  message: string;
}

/** What is wrong with `to:` beyond its form: marks that are not of R4, and keys where a type has no identifier. `keyed`: names of resources that have a key. */
export function checkSettings(settings: unknown, _resourceNames: string[], keyed: string[]): Found[] {
  const parsed = fhirDestinationSettings.parse(settings);
  const types = typesOf(parsed);
  const marks = Object.entries(parsed.mark ?? {}).flatMap(([type, mark]) => markProblems(type, mark, types));
  return [...marks, ...(keyed.length > 0 ? keyProblems(types) : [])];
}

function markProblems(type: string, mark: Record<string, unknown>, types: string[]): Found[] {
  if (!types.includes(type))
    return [{ path: ['mark', type], message: `"${type}" is not among the types that are written: ${types.join(', ')}.` }];
  if (Object.keys(mark).length === 0) return [{ path: ['mark', type], message: `The mark of ${type} is empty, so it would mark nothing.` }];
  const reserved = ['id', 'meta', 'resourceType', 'identifier'].find((name) => Object.hasOwn(mark, name));
  if (reserved !== undefined)
    return [{ path: ['mark', type, reserved], message: `"${reserved}" says which resource it is: a mark must leave it alone.` }];
  return elementProblems(type, mark).map(({ path, why }) => ({
    path: ['mark', type],
    message: `The mark is not valid FHIR R4 at ${path}: ${why}.`,
  }));
}

/** Which of several types a resource has, its expression says: what has no room for its key is then an error of the record. */
function keyProblems(types: string[]): Found[] {
  if (types.some((type) => identifierOf(type) !== 'none')) return [];
  return [
    { path: ['key'], message: `${types.join(' and ')} has no identifier in FHIR R4, so nothing of it can be met by a business key.` },
  ];
}
