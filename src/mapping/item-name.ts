import { createHash } from 'node:crypto';

const DIGITS = 32;

/** Stands for the hash of an item in a name that is made before there are items. */
const ANY = '0'.repeat(DIGITS);

/**
 * The name of the resource of one item, the same for ever: its id may be a value of the record, and
 * is hashed.
 */
export function itemName(resource: string, id: string): string {
  return `${resource}/${createHash('sha256').update(id).digest('hex').slice(0, DIGITS)}`;
}

/** The name of the resource of any item: of the form of all their names. */
export function anyItemName(resource: string): string {
  return `${resource}/${ANY}`;
}

/**
 * What stands for the resource of any item, as what stands for that of one: only where its name
 * stands in it, something else does.
 */
export function forItem(ofAny: unknown, name: string): unknown {
  if (ofAny === undefined) return undefined;
  return JSON.parse(JSON.stringify(ofAny).replaceAll(ANY, name.slice(name.indexOf('/') + 1))) as unknown;
}

/** The resource's name in the definition. */
export function nameInDefinition(name: string): string {
  return name.split('/')[0] ?? name;
}
