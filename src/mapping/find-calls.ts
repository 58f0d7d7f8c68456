/**
 * The literal arguments of each call `$name(…)` anywhere in a JSONata syntax tree; undefined for an
 * argument that is not a literal.
 */
export function findCalls(ast: unknown, name: string): (string | undefined)[][] {
  const calls: (string | undefined)[][] = [];
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const {
      type,
      procedure,
      arguments: given,
    } = node as { type?: string; procedure?: { type?: string; value?: string }; arguments?: { type?: string; value?: unknown }[] };
    if (type === 'function' && procedure?.type === 'variable' && procedure.value === name)
      calls.push(
        (given ?? []).map((argument) => (argument.type === 'string' && typeof argument.value === 'string' ? argument.value : undefined)),
      );
    for (const child of Object.values(node)) visit(child);
  };
  visit(ast);
  return calls;
}
