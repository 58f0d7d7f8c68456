import { getOwn } from '../../model/keyed.js';

/** A node of JSONata's syntax tree. */
export type Node = Record<string, unknown> & { type?: string };

/** Whether a node is of one of these types and has nothing but these members: any other changes what it means. */
export function isA(node: Node, types: string[], members: string[]): boolean {
  return (
    types.includes(node.type ?? '') &&
    Object.keys(node).every((key) => getOwn(node, key) === undefined || ['type', 'position', ...members].includes(key))
  );
}
