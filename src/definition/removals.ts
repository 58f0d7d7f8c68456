import type { Removal } from './definition.js';
import type { DraftEntityType, DraftProcess } from './draft.js';

/** What becomes of what was written, defaults put in: a type that others depend on is marked, any other removed. */
export function removalsOf(
  { name, input }: DraftEntityType,
  { entityTypes }: DraftProcess,
): Record<'whenVoided' | 'whenNoLonger', Removal> {
  const isParent = [...entityTypes.values()].some((each) => Object.hasOwn(each.input?.dependsOn ?? {}, name));
  const removal = isParent ? 'mark' : 'remove';
  return { whenVoided: input?.whenVoided ?? removal, whenNoLonger: input?.whenNoLonger ?? removal };
}
