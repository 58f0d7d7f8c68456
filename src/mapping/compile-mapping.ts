import jsonata from 'jsonata';
import type { Key } from '../connectors/connector.js';
import type { CodeTable } from '../definition/definition.js';
import { codeHelper } from './code-helper.js';
import { dateHelper, dateTimeHelper } from './date-helpers.js';
import { compileExpression, type CompiledExpression } from './expression.js';
import { functionsCalled } from './functions-called.js';
import { MappingFailed, type Mapped, type Mapping, type MappingDefinition, type MappingScope } from './mapping.js';
import { parentExpressions } from '../definition/parents.js';
import { truth } from './quick/quick-values.js';
import { namedConcepts } from './named-concepts.js';
import { parentRefsOf } from './parent-refs.js';
import { ReadConcepts } from './read-concepts.js';
import { setOwn } from '../model/keyed.js';
import { toMillisHelper } from './to-millis.js';
import { isUsableText } from './usable-text.js';

export interface CompileMappingOptions {
  entityType: MappingDefinition;
  codes: Record<string, CodeTable>;
  /** How each expression is compiled; `compileExpression` unless told otherwise. */
  compile?: typeof compileExpression;
}

/** Compiles an entity type's expressions once, to be run in this thread: nothing ends one that does not end by itself. @throws Error of JSONata for one that does not parse: the definition check refuses it before. */
export function compileMapping({ entityType, codes, compile = compileExpression }: CompileMappingOptions): Mapping {
  const functions = entityType.functions ?? {};
  const shared = { code: codeHelper(codes), date: dateHelper, dateTime: dateTimeHelper, toMillis: toMillisHelper };
  const compiled = (name: string, source: string): CompiledExpression => compile(name, source, shared, { functions });
  const all = (prefix: string, sources: Record<string, string>): [string, CompiledExpression][] =>
    Object.entries(sources).map(([name, source]) => [name, compiled(`${prefix}.${name}`, source)]);
  const map = all('map', entityType.map);
  const parents = parentExpressions(entityType).map((each) => ({ ...each, value: compiled(each.at, each.text) }));
  const keys = Object.entries(entityType.to.keys).map(([name, key]) => ({
    name,
    system: key.system,
    value: compiled(`to.key.${name}`, key.value),
  }));
  const when = entityType.when !== undefined ? compiled('when', entityType.when) : undefined;
  const beside = [...parents.map(({ value }) => value), ...keys.map(({ value }) => value), ...(when ? [when] : [])];
  const texts = [
    ...parents.map(({ text }) => text),
    ...Object.values(entityType.to.keys).map((key) => key.value),
    ...(entityType.when !== undefined ? [entityType.when] : []),
  ];
  // What a short cut leaves out is read of other records.
  const withCalled = [...texts, ...Object.values(functionsCalled(texts, functions))];
  const named = new Set(withCalled.flatMap((text) => namedConcepts(jsonata(text).ast())));
  return {
    parentRefs: parentRefsOf(Object.values(entityType.map), functions),
    parentIds: async (body) =>
      Object.fromEntries(
        await Promise.all(parents.map(async ({ name, at, value }) => [name, parentId(at, await value.run(body, {}))] as const)),
      ),
    accepts: async (body) => (when ? truth(await when.run(body, {})) : true),
    keys: async (body) => keysOf(keys, body),
    map: async (body, scope) => mapped(map, body, scope, entityType, { beside, named }),
  };
}

async function mapped(
  map: [string, CompiledExpression][],
  body: unknown,
  scope: MappingScope,
  entityType: MappingDefinition,
  { beside, named }: { beside: CompiledExpression[]; named: ReadonlySet<string> },
): Promise<Mapped> {
  const concepts = new ReadConcepts(body, named);
  const bindings = { parent: (type: string, name?: string) => scope.parent(type, name), ref: (name: string) => scope.ref(name) };
  const resources: Record<string, unknown> = {};
  for (const [name, expression] of map) {
    const result = await expression.run(concepts.watched, bindings);
    if (result !== undefined) setOwn(resources, name, result);
  }
  let unread = concepts.unread();
  if (unread.length > 0 && beside.length > 0) {
    // They have had their say; which concepts they read is seen here.
    for (const expression of beside) await expression.run(concepts.watched, {});
    unread = concepts.unread();
  }
  const ignored = new Set(entityType.concepts.ignore);
  return {
    resources,
    unmapped: unread.filter((concept) => !concept.split(' » ').some((part) => ignored.has(part))),
  };
}

function parentId(at: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && isUsableText(value)) return value;
  if (typeof value === 'number') return String(value);
  throw new MappingFailed({
    code: 'ParentIdInvalid',
    message: `${at} gives neither a number nor a text that can be an id.`,
    remedy: 'Make the expression give the id of one record.',
    expression: at,
  });
}

async function keysOf(
  keys: { name: string; system: string | undefined; value: CompiledExpression }[],
  body: unknown,
): Promise<Record<string, Key>> {
  const found: Record<string, Key> = {};
  for (const { name, system, value } of keys) {
    const text = await value.run(body, {});
    if ((typeof text !== 'string' || text === '') && typeof text !== 'number')
      throw new MappingFailed({
        code: 'KeyMissing',
        message: `The business key of ${name} is empty.`,
        remedy: 'Fill in the field the key is made of, or give the entity type a “when” that leaves such records out.',
        expression: `to.key.${name}`,
      });
    if (!isUsableText(String(text)))
      throw new MappingFailed({
        code: 'KeyInvalid',
        message: `The business key of ${name} has half of a character in it, or is longer than a key can be.`,
        remedy: 'Correct the field the key is made of.',
        expression: `to.key.${name}`,
      });
    setOwn(found, name, { ...(system !== undefined ? { system } : {}), value: String(text) });
  }
  return found;
}
