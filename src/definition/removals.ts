import type { Removal } from './definition.js';
import { dependsOf, type DraftEntityType, type DraftProcess } from './draft.js';

/**
 * What becomes of what was written, defaults put in: a type that others depend on is marked, any
 * other removed.
 */
export function removalsOf(
  { name, input }: DraftEntityType,
  { entityTypes }: DraftProcess,
): Record<'whenVoided' | 'whenNoLonger', Removal> {
  const isParent = [...entityTypes.values()].some(({ input: other }) => dependsOf(other).includes(name));
  const removal = isParent ? 'mark' : 'remove';
  return { whenVoided: input?.whenVoided ?? removal, whenNoLonger: input?.whenNoLonger ?? removal };
}
