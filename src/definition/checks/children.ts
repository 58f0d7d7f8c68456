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
    if (unlisted) for (const reason of reasonsOf(parent.input)) refuse(reason, parent, unlisted.name, report);
  }
}

function lists(parent: NonNullable<Endpoints['from']>, child: Endpoints['from']): boolean {
  const { type } = parent.system;
  // What is wrong with the child's own source is said there.
  if (!type || !child) return true;
  return type.listsChildren?.(parent.settings, child.settings) === true;
}

type Reason = 'when' | 'whenVoided' | 'whenNoLonger';

function reasonsOf(input: EntityTypeInput): Reason[] {
  const reasons: Reason[] = input.when === undefined ? [] : ['when'];
  if (input.whenVoided !== 'keep') reasons.push('whenVoided');
  // One that no filter and no parent can take away never ceases to belong.
  const mayCease = input.when !== undefined || Object.keys(input.dependsOn ?? {}).length > 0;
  if (mayCease && input.whenNoLonger !== 'keep') reasons.push('whenNoLonger');
  return reasons;
}

function refuse(reason: Reason, { name, at, input }: DraftEntityType, child: string, report: Report): void {
  const why =
    reason === 'when'
      ? `${name} has a “when”, so one may pass it late, when its ${child} records have been passed by`
      : `${name} records that go (${reason}) must not leave their ${child} records behind`;
  const stated = input?.[reason] !== undefined;
  report.add('ChildrenNotListed', stated ? [...at, reason] : at, `${why}; but this source cannot list a record’s ${child} records.`, {
    ...(stated ? {} : { of: 'key' as const }),
    allowed: reason === 'when' ? `no “when” on ${name}, or one on ${child} instead` : `${reason}: keep`,
  });
}
