import { entityTypesOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { EntityTypeInput } from '../schema/entity-type.js';
import type { Report } from '../source/report.js';

/**
 * A parent that comes late, or goes, takes its children along: then its source must be able to list
 * them.
 */
export function checkChildren(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  const all = entityTypesOf(draft);
  for (const parent of all) {
    if (!parent.input) continue;
    const from = endpoints.get(parent)?.from;
    const children = all.filter(({ process, input }) => process === parent.process && Object.hasOwn(input?.dependsOn ?? {}, parent.name));
    const unlisted = children.find((child) => from && !lists(from, endpoints.get(child)?.from));
    const listed = all.some((other) => {
      const own = Object.hasOwn(parent.input?.dependsOn ?? {}, other.name) ? endpoints.get(other)?.from : undefined;
      return other.process === parent.process && own !== undefined && lists(own, from);
    });
    if (unlisted) for (const reason of reasonsOf(parent.input, listed)) refuse(reason, parent, unlisted.name, report);
  }
}

function lists(parent: NonNullable<Endpoints['from']>, child: Endpoints['from']): boolean {
  const { type } = parent.system;
  // What is wrong with the child's own source is said there.
  if (!type || !child) return true;
  return type.listsChildren?.(parent.settings, child.settings) === true;
}

type Reason = 'when' | 'whenKeyMissing' | 'whenVoided' | 'whenNoLonger';

/** `listed`: whether a parent of its own takes it along. */
function reasonsOf(input: EntityTypeInput, listed: boolean): Reason[] {
  const reasons: Reason[] = input.when === undefined ? [] : ['when'];
  if (input.whenKeyMissing === 'filter') reasons.push('whenKeyMissing');
  // What is marked is still there: children keep pointing to it.
  if (input.whenVoided === 'remove') reasons.push('whenVoided');
  // One that no filter and no parent can take away never ceases to belong.
  if ((reasons.includes('when') || reasons.includes('whenKeyMissing') || listed) && input.whenNoLonger !== 'keep')
    reasons.push('whenNoLonger');
  return reasons;
}

const INSTEAD: Readonly<Record<Reason, (name: string, child: string) => string>> = {
  when: (name, child) => `no “when” on ${name}, or one on ${child} instead`,
  whenKeyMissing: () => 'whenKeyMissing: derive or fail',
  whenVoided: () => 'whenVoided: mark or keep',
  whenNoLonger: () => 'whenNoLonger: keep',
};

function refuse(reason: Reason, { name, at, input }: DraftEntityType, child: string, report: Report): void {
  const isFilter = reason === 'when' || reason === 'whenKeyMissing';
  const what = reason === 'when' ? 'has a “when”' : 'leaves out records without a key';
  const why = isFilter
    ? `${name} ${what}, so one may pass it late, when its ${child} records have been passed by`
    : `${name} records that go (${reason}) must not leave their ${child} records behind`;
  const stated = input?.[reason] !== undefined;
  report.add('ChildrenNotListed', stated ? [...at, reason] : at, `${why}; but this source cannot list a record’s ${child} records.`, {
    ...(stated ? {} : { of: 'key' as const }),
    allowed: INSTEAD[reason](name, child),
  });
}
