import jsonata from 'jsonata';
import type { RecordClass } from '../../connectors/connector.js';
import { functionsCalled } from '../../mapping/functions-called.js';
import { namedConcepts, readsAllConcepts } from '../../mapping/named-concepts.js';
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
  /** Fields that the expressions of a type which reads name; `all`: any that the record has. */
  names: ReadonlySet<string> | 'all';
  /** What it writes is met by a business key. */
  isKeyed: boolean;
  file: string;
  path: Path;
  position: Position;
}

/**
 * Everything that the entity types of one file read and write, as far as it could be read.
 * `functions`: those that its expressions may call.
 */
export function claimsOf(
  endpoints: ReadonlyMap<DraftEntityType, Endpoints>,
  functions: Readonly<Record<string, string>>,
  sources: DefinitionSources,
): Claim[] {
  return [...endpoints].flatMap(([entityType, { from, to }]) => {
    const { name, at } = entityType;
    const isKeyed = entityType.input?.to.key !== undefined;
    const of = (how: Claim['how'], records: RecordClass, system: ReadSystem, names: Claim['names'] = new Set()): Claim => {
      const path = [...at, how === 'reads' ? 'from' : 'to'];
      const { file, ...position } = sources.position(path, 'key');
      return { how, records, system, entityType: name, names, isKeyed, file, path, position };
    };
    return [
      ...(from?.reads ? [of('reads', from.reads, from.system, namesIn(entityType, functions, from.system.type?.conceptsIn ?? []))] : []),
      ...(to ? to.writes.map((records) => of('writes', records, to.system)) : []),
    ];
  });
}

function namesIn({ input, at }: DraftEntityType, functions: Readonly<Record<string, string>>, members: readonly string[]): Claim['names'] {
  if (!input || members.length === 0) return new Set();
  const texts = expressionsOf(input, at).map(({ text }) => text);
  const asts = [...texts, ...texts.flatMap((text) => calledFrom(text, functions))].flatMap(astOf);
  if (asts.some((ast) => readsAllConcepts(ast, members))) return 'all';
  return new Set(asts.flatMap((ast) => namedConcepts(ast, members)));
}

/** Of an expression or function that does not compile, which is told of elsewhere, none. */
function calledFrom(text: string, functions: Readonly<Record<string, string>>): string[] {
  try {
    return Object.values(functionsCalled([text], functions));
  } catch {
    return [];
  }
}

function astOf(text: string): jsonata.ExprNode[] {
  try {
    return [jsonata(text).ast()];
  } catch {
    return [];
  }
}
