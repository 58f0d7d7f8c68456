import type { Draft, DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import { removalsOf } from '../removals.js';
import type { Report } from '../source/report.js';

type Reason = 'whenVoided' | 'whenNoLonger';

/**
 * What is marked as no longer valid must be able to have that mark: otherwise each record that goes
 * would fail, maybe years later.
 */
export function checkMarks(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  for (const process of draft.processes.values())
    for (const entityType of process.entityTypes.values()) {
      const { to } = endpoints.get(entityType) ?? {};
      const unmarkable = to?.system.type?.unmarkable?.(to.settings) ?? [];
      if (!to || unmarkable.length === 0) continue;
      const removals = removalsOf(entityType, process);
      const reasons = (['whenVoided', 'whenNoLonger'] as const).filter((reason) => removals[reason] === 'mark');
      for (const reason of reasons) refuseMark(reason, entityType, unmarkable, report);
      // Which of several types is adopted its expression says.
      if (reasons.length === 0 && unmarkable.length === to.writes.length) refuseAdopt(entityType, unmarkable, report);
    }
}

interface Unmarkable {
  type: string;
  mark: string;
  why: string;
}

function refuseMark(reason: Reason, { name, at, input }: DraftEntityType, unmarkable: Unmarkable[], report: Report): void {
  const stated = input?.[reason] !== undefined;
  report.add(
    'CannotMark',
    stated ? [...at, reason] : at,
    `${name} records that go (${reason}${stated ? '' : ', by default, since others depend on it'}) are marked as no longer valid, which ${inWords(unmarkable)}.`,
    { ...(stated ? {} : { of: 'key' as const }), allowed: `${ownMark(unmarkable)}, ${reason}: remove, or ${reason}: keep` },
  );
}

/** What was taken over is never removed, whatever the definition says of the rest. */
function refuseAdopt({ name, at, input }: DraftEntityType, unmarkable: Unmarkable[], report: Report): void {
  if (input?.to.adopt !== true) return;
  report.add(
    'CannotMark',
    [...at, 'to', 'adopt'],
    `${name} records that were taken over are marked as no longer valid when they go, never removed, which ${inWords(unmarkable)}.`,
    { allowed: `${ownMark(unmarkable)}, or no adopt` },
  );
}

function inWords(unmarkable: Unmarkable[]): string {
  return unmarkable.map(({ type, mark, why }) => `${type} cannot be by ${mark} (${why})`).join(', ');
}

function ownMark(unmarkable: Unmarkable[]): string {
  return `“mark: { ${unmarkable.map(({ type }) => `${type}: { … }`).join(', ')} }” of “to”, with what the type can have`;
}
