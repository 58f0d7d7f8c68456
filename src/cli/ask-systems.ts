import { destinationTypeOf } from '../assembly/active-process.js';
import type { Connector, Context, Health } from '../connectors/connector.js';
import type { ConnectorTypes } from '../connectors/registry.js';
import type { Definition, EntityTypeDefinition } from '../definition/definition.js';
import { conceptsOf } from '../mapping/concepts-of.js';
import type { Io } from './io.js';
import { getOwn } from '../model/keyed.js';
import { inOneLine } from './printable.js';

/**
 * Asks every system of these definitions whether it answers, and for each type that is read whether
 * it may be. @returns how many things are to be mended.
 */
export async function askSystems(definitions: Definition[], connectorTypes: ConnectorTypes, c: Context, io: Io): Promise<number> {
  let count = 0;
  for (const definition of definitions)
    for (const system of Object.values(definition.systems)) {
      const connector = getOwn(connectorTypes, system.connector)?.connect(system.name, system.settings, { margin: system.margin });
      if (connector) count += await askSystem(connector, definition, system.name, { c, io });
    }
  return count;
}

async function askSystem(connector: Connector, definition: Definition, system: string, { c, io }: { c: Context; io: Io }): Promise<number> {
  const say = (what: string, { message, remedy, code }: Health['problems'][number]): void =>
    io.out(`${definition.file}: ${what}: ${inOneLine(message)} ${remedy} (${code})`);
  const { ok, problems } = await connector.check(c);
  for (const problem of problems) say(system, problem);
  if (!ok) return problems.length;
  io.out(`${definition.file}: ${system} answers.`);
  let count = 0;
  for (const { first: type, concepts } of readFrom(definition, system)) {
    const health = await connector.source?.(type.from.settings, { entityTypes: {} }).check?.(c, concepts);
    for (const warning of health?.warnings ?? []) say(`${type.name}, a warning`, warning);
    for (const problem of health?.problems ?? []) say(type.name, problem);
    count += health?.problems.length ?? 0;
  }
  for (const type of writtenTo(definition, system)) {
    const options = { integration: definition.integration, process: '', entityTypes: { [type.name]: destinationTypeOf(type) } };
    const health = await connector.destination?.(type.to.settings, options).check?.(c);
    for (const warning of health?.warnings ?? []) say(`${type.name}, a warning`, warning);
    for (const problem of health?.problems ?? []) say(type.name, problem);
    count += health?.problems.length ?? 0;
  }
  return count;
}

/** The entity types that are written to a system; of those that write the same, one. */
function writtenTo(definition: Definition, system: string): EntityTypeDefinition[] {
  const types = Object.values(definition.processes).flatMap((process) => process.entityTypes.filter((type) => type.to.system === system));
  return [...new Map(types.map((type) => [JSON.stringify([type.to.settings, Object.keys(type.to.keys)]), type])).values()];
}

/**
 * The entity types that are read from a system; of those that read the same, one, with the concepts
 * that all of them name.
 */
function readFrom(definition: Definition, system: string): { first: EntityTypeDefinition; concepts: string[] }[] {
  const types = Object.values(definition.processes).flatMap((process) => process.entityTypes.filter((type) => type.from.system === system));
  const alike = new Map<string, EntityTypeDefinition[]>();
  for (const type of types) {
    const settings = JSON.stringify(type.from.settings);
    alike.set(settings, [...(alike.get(settings) ?? []), type]);
  }
  return [...alike.values()].flatMap(([first, ...more]) =>
    first ? [{ first, concepts: [...new Set([first, ...more].flatMap((type) => conceptsOf(type)))] }] : [],
  );
}
