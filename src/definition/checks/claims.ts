import jsonata from 'jsonata';
import type { RecordClass } from '../../connectors/connector.js';
import { namedConcepts } from '../../mapping/named-concepts.js';
import type { DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { ReadSystem } from '../read-systems.js';
import type { Path } from '../source/path.js';
import type { DefinitionSources } from '../source/definition-sources.js';
import type { Position } from '../source/yaml-source.js';
import { expressionsOf } from './expressions.js';

/** What an entity type reads from a system, or writes to it, and where its definition says so. */
export interface Claim {
  how: 'reads' | 'writes';
  records: RecordClass;
  system: ReadSystem;
  entityType: string;
  /** Fields that the expressions of a type which reads name. */
  names: ReadonlySet<string>;
  file: string;
  path: Path;
  position: Position;
}

/** Everything that the entity types of one file read and write, as far as it could be read. */
export function claimsOf(endpoints: ReadonlyMap<DraftEntityType, Endpoints>, sources: DefinitionSources): Claim[] {
  return [...endpoints].flatMap(([entityType, { from, to }]) => {
    const { name, at } = entityType;
    const of = (how: Claim['how'], records: RecordClass, system: ReadSystem, names: ReadonlySet<string> = new Set()): Claim => {
      const path = [...at, how === 'reads' ? 'from' : 'to'];
      const { file, ...position } = sources.position(path, 'key');
      return { how, records, system, entityType: name, names, file, path, position };
    };
    return [
      ...(from?.reads ? [of('reads', from.reads, from.system, namesIn(entityType, from.system.type?.conceptsIn ?? []))] : []),
      ...(to ? to.writes.map((records) => of('writes', records, to.system)) : []),
    ];
  });
}

function namesIn({ input, at }: DraftEntityType, members: readonly string[]): Set<string> {
  if (!input) return new Set();
  return new Set(expressionsOf(input, at).flatMap(({ text }) => namedIn(text, members)));
}

/** Of one that does not compile, which is told of elsewhere, none. */
function namedIn(text: string, members: readonly string[]): string[] {
  try {
    return namedConcepts(jsonata(text).ast(), members);
  } catch {
    return [];
  }
}
