import type { Context } from '../src/connectors/connector.js';
import { stopOf } from '../src/errors/stop-of.js';
import { Cancelled, SystemFailure } from '../src/errors/system-failure.js';
import { getOwn } from '../src/model/keyed.js';
import { Budget } from '../src/sync/budget.js';
import { isDone, type Outcome } from '../src/sync/outcome.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import { stampOfPlace } from '../src/sync/place.js';
import { retryRecords } from '../src/sync/retry.js';
import type { RetryWork } from '../src/sync/retry-work.js';
import type { SyncRecordInput } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import { handBack } from './hand-back.js';
import type { ActivityDependencies } from './dependencies.js';
import { alive } from './heartbeat.js';
import { knownOf, openRows } from './open-rows.js';
import { retryWorkOver } from './retry-work-over.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';
import type { SyncRecordResult } from '../src/model/turns.js';

/**
 * Brings one record over, read afresh, parents first, and tells its row. What comes back is no
 * person's.
 */
export async function syncRecord(input: SyncRecordInput, dependencies: ActivityDependencies): Promise<SyncRecordResult> {
  const { integrations, slots } = dependencies;
  const found = await integrations.find(input.process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { ...nothing, stopped: definitionChanged(found) };
  const { active } = found;
  const parts = getOwn(active.parts, input.entityType);
  if (!parts) return { ...nothing, stopped: unknownType(input.entityType, Object.keys(active.parts)) };
  const c = workContext(dependencies);
  const work = async (): Promise<SyncRecordResult> => {
    const rows = await openRows(active, dependencies, 'sangam sync');
    const result = await bringOver(input.id, parts, { ...retryWorkOver(active, parts, rows, dependencies), budget: new Budget(rows) }, c);
    return { ...result, rows: knownOf(rows, active, dependencies) };
  };
  return alive(
    () =>
      slots.run(c, work).catch((error: unknown) => {
        if (error instanceof SystemFailure) return { ...nothing, stopped: stopOf(error, undefined) };
        if (error instanceof Cancelled) return { ...nothing, stopped: ended };
        throw error;
      }),
    c,
  );
}

const nothing = { what: 'failing' as const, hadRow: false };

const ended = {
  code: 'Cancelled',
  message: 'It was ended before it was done; nothing is lost.',
  remedy: 'Ask for it once more.',
  needs: 'person' as const,
};

async function bringOver(id: string, parts: EntityTypeParts, work: RetryWork, c: Context): Promise<SyncRecordResult> {
  const hadRow = work.rows.find(parts.definition.name, id) !== undefined;
  const found = hadRow || stampOfPlace(id) !== undefined ? undefined : (await parts.source.fetch([id], c)).get(id);
  // A row of its own for one that its source may never have had would be of no use.
  if (found && 'error' in found) return { what: 'failing', error: parts.classify(found.error), hadRow, unrecorded: true };
  let outcome: Outcome | undefined;
  const onOutcome = (_id: string, told: Outcome): void => void (outcome = told);
  const what = (await retryRecords([id], parts, { ...work, onOutcome }, c)).get(id);
  const stopped = work.budget.told ? work.budget.stop : undefined;
  return {
    what: what === 'gone' ? 'gone' : isWell(outcome, what) ? 'in step' : 'failing',
    ...told(outcome, parts),
    hadRow,
    ...(stopped ? { stopped } : {}),
  };
}

function isWell(outcome: Outcome | undefined, what: string | undefined): boolean {
  return outcome !== undefined && isDone(outcome) && what !== 'failing';
}

function told(outcome: Outcome | undefined, parts: EntityTypeParts): Pick<SyncRecordResult, 'outcome' | 'error' | 'on'> {
  if (!outcome) return {};
  return {
    outcome: outcome.result,
    ...('error' in outcome ? { error: parts.classify(outcome.error) } : {}),
    ...('on' in outcome ? { on: outcome.on } : {}),
  };
}
