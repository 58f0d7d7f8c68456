export type SyntaxNode = Record<string, unknown>;

/** Calls `visit` with every node of a JSONata syntax tree, once each, wherever it stands: in steps, predicates, groups, sorts, function bodies. */
export function visitNodes(tree: unknown, visit: (node: SyntaxNode) => void): void {
  const seen = new Set<unknown>();
  const walk = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || seen.has(each)) return;
    seen.add(each);
    if (!Array.isArray(each)) visit(each as SyntaxNode);
    for (const child of Object.values(each)) walk(child);
  };
  walk(tree);
}

/** What a tree mentions by name: fields, variables and written-out texts. A field of that name may be read. */
export function namesIn(trees: unknown[]): Set<string> {
  const names = new Set<string>();
  visitNodes(trees, ({ type, value }) => {
    if ((type === 'name' || type === 'string' || type === 'variable') && typeof value === 'string') names.add(value);
  });
  return names;
}
