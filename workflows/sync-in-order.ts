import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  sleep,
  upsertMemo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Stop } from '../src/sync/results.js';
import type { EntitySyncInput, EntitySyncResult, Plan, PlannedType } from './contracts.js';
import type { entitySync } from './entity-sync.js';
import { syncId } from './ids.js';
import { withOverlap } from './overlap.js';
import { now, type ProcessRun } from './process-run.js';
import { entityTypeKey, integrationProcessKey, syncStateKey } from './search-attributes.js';
import { addFindings, addSheets, noSheet } from './sheets.js';
import { bookmarksOf } from './state.js';

/** Runs one child after another, for the types that have changes; what depends on a stopped type is skipped in this cycle. */
export async function syncInOrder(run: ProcessRun, plan: Plan): Promise<void> {
  const { types } = run.state;
  for (const planned of plan.types) {
    if (!planned.due || !planned.hasChanges || planned.stopped || run.rewound.has(planned.entityType)) continue;
    const parent = planned.dependsOn.find((name) => types[name]?.stopped);
    const type = (types[planned.entityType] ??= {});
    if (parent !== undefined) {
      type.stopped = parentStopped(parent, types[parent]?.stopped);
      continue;
    }
    const result = await syncOne(run, plan, planned);
    take(run, planned, result);
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Paused or cancelled');
    if (result.stopped?.code === 'DefinitionChanged') {
      run.state.runNow = true;
      return;
    }
  }
}

function parentStopped(parent: string, stop: Stop | undefined): Stop {
  return {
    code: 'ParentStopped',
    message: `It depends on ${parent}, which stopped${stop ? ` (${stop.code})` : ''}.`,
    remedy: `It goes on by itself once ${parent} does.`,
    needs: stop?.needs ?? 'person',
  };
}

async function syncOne(run: ProcessRun, plan: Plan, planned: PlannedType): Promise<EntitySyncResult> {
  const { entityType } = planned;
  const child = syncId(run.process, entityType);
  run.running = { entityType, child };
  run.enter('running');
  try {
    return await startAndWait(run.process, child, inputOf(run, plan, planned));
  } catch (error) {
    if (isCancellation(error)) return { ...nothingDone(planned), cancelled: true };
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    return { ...nothingDone(planned), stopped: childFailed(child) };
  } finally {
    run.running = undefined;
  }
}

function inputOf(run: ProcessRun, plan: Plan, planned: PlannedType): EntitySyncInput {
  const bookmark = run.state.types[planned.entityType]?.bookmark ?? null;
  return {
    v: 1,
    process: run.process,
    entityType: planned.entityType,
    digest: plan.digest,
    systems: planned.systems,
    bookmark,
    after: bookmark && withOverlap(bookmark, planned.overlap),
    until: planned.horizon ?? now(),
    timing: plan.timing,
  };
}

/** A child of an earlier, terminated process may still be finishing: it is waited for. */
async function startAndWait(process: string, workflowId: string, input: EntitySyncInput): Promise<EntitySyncResult> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      return await executeChild<typeof entitySync>('entitySync', {
        workflowId,
        args: [input],
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${input.entityType}: ${input.bookmark?.at ?? 'from the beginning'} to ${input.until}`,
        typedSearchAttributes: [
          { key: integrationProcessKey, value: process },
          { key: entityTypeKey, value: input.entityType },
          { key: syncStateKey, value: 'running' },
        ],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(wait, { summary: 'An earlier run of this entity type is still finishing' });
    }
  }
}

function nothingDone(planned: PlannedType): EntitySyncResult {
  return { v: 1, bookmark: planned.bookmark, sheet: noSheet, findings: {}, done: false };
}

function childFailed(child: string): Stop {
  return {
    code: 'ChildFailed',
    message: `The workflow ${child} ended without a result: it was terminated, or failed unexpectedly.`,
    remedy: 'Nothing is lost: it starts again from its bookmark at the next cycle. Signal runNow to start it at once.',
    needs: 'person',
  };
}

function take(run: ProcessRun, planned: PlannedType, result: EntitySyncResult): void {
  const type = (run.state.types[planned.entityType] ??= {});
  if (result.bookmark) type.bookmark = result.bookmark;
  if (result.sheet.read > 0) {
    type.lastSheet = result.sheet;
    type.total = addSheets(type.total ?? noSheet, result.sheet);
  }
  if (Object.keys(result.findings).length > 0) type.findings = addFindings(type.findings ?? {}, result.findings);
  if (result.stopped) type.stopped = result.stopped;
  if (result.done) type.lastDone = now();
  upsertMemo({ bookmarks: bookmarksOf(run.state) });
  run.publish();
}
