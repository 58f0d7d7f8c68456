import { Context as ActivityContext } from '@temporalio/activity';
import type { ProcessDefinition } from '../src/definition/definition.js';
import { dependenciesOf } from '../src/definition/parents.js';
import { getOwn } from '../src/model/keyed.js';
import type { Progress } from '../src/model/progress.js';
import { syncChanges as syncPages } from '../src/sync/sync-changes.js';
import type { SyncChangesInput, SyncChangesResult, SyncHeartbeat } from '../workflows/contracts.js';
import { progressSchema } from '../src/model/schemas.js';
import { emptySheet, type Sheet } from '../src/model/sheet.js';
import type { OpenRecord } from '../src/temporal/rows/temporal-rows.js';
import { definitionChanged } from './definition-changed.js';
import { handBack } from './hand-back.js';
import type { ActivityDependencies } from './dependencies.js';
import { awaits } from './known-rows.js';
import { knownOf, openRows } from './open-rows.js';
import { withInHand } from './with-in-hand.js';
import { workContext } from './work-context.js';

/**
 * Carries changes page after page for about a minute. A retry starts where the lost attempt's last
 * heartbeat says. A system's failure comes back as data; cancelled, it returns what is done once
 * nothing is in flight.
 */
export async function syncChanges(input: SyncChangesInput, dependencies: ActivityDependencies): Promise<SyncChangesResult> {
  const activity = ActivityContext.current();
  const start = startOf(input, activity.info.heartbeatDetails as SyncHeartbeat | undefined);
  const found = await dependencies.integrations.find(input.process);
  handBack(found, input, dependencies);
  if ('missing' in found) return { ...start, done: false, stopped: definitionChanged(found) };
  const { active } = found;
  const parts = getOwn(active.parts, input.entityType);
  if (active.process.digest !== input.digest || !parts) return { ...start, done: false, stopped: definitionChanged(found) };
  const { slots, now, softLimit } = dependencies;
  const c = workContext(dependencies);
  const pageSize = getOwn(active.definition.systems, parts.definition.from.system)?.pageSize ?? 200;
  const end = now() + Math.min(softLimit, input.time);
  let latest: Progress = start;
  return withInHand(
    () => latest,
    { c, slots },
    async (inHand) => {
      const rows = await openRows(active, dependencies);
      const result = await syncPages(
        parts,
        {
          ...{
            after: start.bookmark,
            until: input.until,
            limit: pageSize,
            progress: start,
            rows,
            inHand,
            gone: active.gone.in(input.until),
          },
          shouldYield: () => now() >= end,
          onProgress: (progress) => void (latest = progress),
          ...(input.passed ? { passed: input.passed } : {}),
          ...(input.openUpTo !== undefined ? { openUpTo: input.openUpTo } : {}),
          // A later attempt has had its trial.
          ...(input.trial && activity.info.heartbeatDetails === undefined ? { trial: input.trial } : {}),
        },
        c,
      );
      const came = wrote(result.sheet) > wrote(start.sheet) && isAwaited(input.entityType, active.process, rows.open);
      return { ...result, rows: { ...knownOf(rows, active, dependencies), ...(came ? { parentsCame: true as const } : {}) } };
    },
  );
}

function wrote({ created, updated }: Sheet): number {
  return created + updated;
}

/** Whether a record of another type waits for one that was written from this type. */
function isAwaited(entityType: string, { entityTypes }: ProcessDefinition, open: OpenRecord[]): boolean {
  const waiting = new Set(open.flatMap((row) => (awaits(row) ? [row.entityType] : [])));
  return entityTypes.some((each) => waiting.has(each.name) && dependenciesOf(each).includes(entityType));
}

function startOf({ after, failing }: SyncChangesInput, beat: SyncHeartbeat | undefined): Progress {
  const told = beat?.v === 1 ? progressSchema().safeParse(beat).data : undefined;
  return told ?? { bookmark: after, sheet: emptySheet, findings: {}, ...(failing ? { failing } : {}) };
}
