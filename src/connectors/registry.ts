import type { ConnectorType } from './connector.js';

/** The kinds of system a definition can name in `connector:`. */
export type ConnectorTypes = Readonly<Record<string, ConnectorType>>;

/** Whether a source lists the records of one type that belong to a record of another; both by their settings of `from:`. */
export function listsChildren(type: ConnectorType, parent: unknown, child: unknown): boolean {
  return type.listsChildren && (type.listsChildrenOf?.(parent, child) ?? true);
}
