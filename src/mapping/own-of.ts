import jsonata from 'jsonata';

/**
 * JSONata's own function of a name, without its dollar: for helpers that do the same within bounds.
 */
export async function ownOf<F>(name: string): Promise<F> {
  return ((await jsonata(`$${name}`).evaluate({})) as { implementation: F }).implementation;
}
