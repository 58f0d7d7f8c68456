import jsonata from 'jsonata';
import type { Key } from '../connectors/connector.js';
import type { CodeTable } from '../definition/definition.js';
import { codeHelper } from './code-helper.js';
import { dateHelper, dateTimeHelper } from './date-helpers.js';
import { compileEach, itemsOf, refAmong, type CompiledEach } from './each-item.js';
import { compileExpression, type CompiledExpression } from './expression.js';
import { functionsCalled } from './functions-called.js';
import { itemName } from './item-name.js';
import { MappingFailed, type Mapped, type Mapping, type MappingDefinition, type MappingScope } from './mapping.js';
import { parentExpressions } from '../definition/parents.js';
import { truth } from './quick/quick-values.js';
import { namedConcepts } from './named-concepts.js';
import { parentRefsOf } from './parent-refs.js';
import { ReadConcepts } from './read-concepts.js';
import { rowsHelper } from './rows-helper.js';
import { setOwn } from '../model/keyed.js';
import { toMillisHelper } from './to-millis.js';
import { isUsableText } from './usable-text.js';

export interface CompileMappingOptions {
  entityType: MappingDefinition;
  codes: Record<string, CodeTable>;
  /** How each expression is compiled; `compileExpression` unless told otherwise. */
  compile?: typeof compileExpression;
  /**
   * The most items of a list that make a resource each; what has more is not quick. As many as
   * there are unless told otherwise.
   */
  mostItems?: number;
}

/**
 * Compiles an entity type's expressions once, to be run in this thread: nothing ends one that does
 * not end by itself. @throws Error of JSONata for one that does not parse: the definition check
 * refuses it before.
 */
export function compileMapping({
  entityType,
  codes,
  compile = compileExpression,
  mostItems = Number.POSITIVE_INFINITY,
}: CompileMappingOptions): Mapping {
  const { functions = {}, whenKeyMissing } = entityType;
  const shared = { code: codeHelper(codes), rows: rowsHelper(codes), date: dateHelper, dateTime: dateTimeHelper, toMillis: toMillisHelper };
  const compiled = (name: string, source: string): CompiledExpression => compile(name, source, shared, { functions });
  const each = compileEach(entityType, (name, source, of) =>
    compile(name, source, shared, of === 'list' ? { functions, asItIs: true } : { functions, onItem: true }),
  );
  const map = Object.entries(entityType.map).map(([name, source]): [string, CompiledExpression] => [
    name,
    compile(`map.${name}`, source, shared, { functions, onItem: each.has(name) }),
  ]);
  const parents = parentExpressions(entityType).map((each) => ({ ...each, value: compiled(each.at, each.text) }));
  const keys = Object.entries(entityType.to.keys).map(([name, key]) => ({
    name,
    system: key.system,
    value: compiled(`to.key.${name}`, key.value),
    shared: entityType.shared?.includes(name) === true,
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
  const named = new Set(withCalled.flatMap((text) => namedConcepts(jsonata(text).ast(), entityType.concepts.in)));
  return {
    parentRefs: parentRefsOf(Object.values(entityType.map), functions),
    parentIds: async (body) =>
      Object.fromEntries(
        await Promise.all(parents.map(async ({ name, at, value }) => [name, parentId(at, await value.run(body, {}))] as const)),
      ),
    accepts: async (body) => {
      if (when && !truth(await when.run(body, {}))) return false;
      return whenKeyMissing !== 'filter' || hasKeys(keys, body);
    },
    keys: async (body) => keysOf(keys, body, whenKeyMissing),
    map: async (body, scope) => mapped({ map, each, mostItems }, body, scope, entityType, { beside, named }),
  };
}

async function mapped(
  { map, each, mostItems }: { map: [string, CompiledExpression][]; each: ReadonlyMap<string, CompiledEach>; mostItems: number },
  body: unknown,
  scope: MappingScope,
  entityType: MappingDefinition,
  { beside, named }: { beside: CompiledExpression[]; named: ReadonlySet<string> },
): Promise<Mapped> {
  const concepts = new ReadConcepts(body, entityType.concepts.in, named);
  const items = await itemsOf(each, concepts.watched, mostItems);
  const bindings = { parent: parentOf(scope), ref: refAmong(items, (name) => scope.ref(name)) };
  const resources: Record<string, unknown> = {};
  const make = async (name: string, expression: CompiledExpression, more: Record<string, unknown>): Promise<void> => {
    const result = await expression.run(concepts.watched, { ...bindings, ...more });
    if (result !== undefined) setOwn(resources, name, result);
  };
  for (const [name, expression] of map) {
    const own = items.get(name);
    if (!own) await make(name, expression, {});
    else for (const { name: of, item } of own) await make(of, expression, { item });
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

/** `$parent(type, name, id)`; with an id it is the resource of one item of the parent. */
function parentOf(scope: MappingScope): (type: string, name?: string, id?: unknown) => unknown {
  return (type, name, id) => scope.parent(type, name !== undefined && typeof id === 'string' ? itemName(name, id) : name);
}

function parentId(at: string, value: unknown): string | undefined {
  if (isNothing(value)) return undefined;
  if (typeof value === 'string' && isUsableText(value)) return value;
  if (typeof value === 'number') return String(value);
  throw new MappingFailed({
    code: 'ParentIdInvalid',
    message: `${at} gives neither a number nor a text that can be an id.`,
    remedy: 'Make the expression give the id of one record.',
    expression: at,
  });
}

/** A business key, compiled. */
interface CompiledKey {
  name: string;
  system: string | undefined;
  value: CompiledExpression;
  shared: boolean;
}

/** Whether a record has a value for each key that is its own. */
async function hasKeys(keys: CompiledKey[], body: unknown): Promise<boolean> {
  for (const { value, shared } of keys) if (!shared && isNothing(await value.run(body, {}))) return false;
  return true;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

async function keysOf(
  keys: CompiledKey[],
  body: unknown,
  whenKeyMissing: MappingDefinition['whenKeyMissing'],
): Promise<Record<string, Key>> {
  const found: Record<string, Key> = {};
  for (const { name, system, value, shared } of keys) {
    const text = await value.run(body, {});
    // A record may need no such resource, or be known without its key.
    if ((shared || whenKeyMissing === 'derive') && isNothing(text)) continue;
    if ((typeof text !== 'string' || text === '') && typeof text !== 'number')
      throw new MappingFailed({
        code: 'KeyMissing',
        message: `The business key of ${name} is empty.`,
        remedy: 'Fill in the field the key is made of, or say by whenKeyMissing that such records are left out, or written without it.',
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
