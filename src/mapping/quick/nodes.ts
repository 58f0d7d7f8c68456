import { getOwn } from '../../model/keyed.js';

/** A node of JSONata's syntax tree. */
export type Node = Record<string, unknown> & { type?: string };

/**
 * Whether a node is of one of these types and has nothing but these members: any other changes what
 * it means.
 */
export function isA(node: Node, types: string[], members: string[]): boolean {
  return (
    types.includes(node.type ?? '') &&
    Object.keys(node).every((key) => getOwn(node, key) === undefined || ['type', 'position', ...members].includes(key))
  );
}

/** What an expression calls by name. */
export type Helpers = Readonly<Record<string, unknown>>;

/**
 * A part of an expression as a plain function of what it is evaluated on. @throws notQuick, or what
 * a helper throws.
 */
export type Quick = (context: unknown, helpers: Helpers) => unknown;
