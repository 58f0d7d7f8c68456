import { CancellationScope, CancelledFailure, ChildWorkflowFailure, isCancellation, patched, upsertMemo } from '@temporalio/workflow';
import type { Stop } from '../src/sync/results.js';
import type { EntitySyncInput, EntitySyncResult, Plan, PlannedType } from './contracts.js';
import type { entitySync } from './entity-sync.js';
import { syncId } from './ids.js';
import { downByOne, passesOver } from './down.js';
import { withOverlap } from './overlap.js';
import { now } from './now.js';
import type { ProcessRun } from './process-run.js';
import { downOf } from './rests.js';
import { childFailed, parentStopped, runChild } from './run-child.js';
import { addFindings, addSheets, noSheet } from './sheets.js';
import { bookmarksOf, type ProcessState, type TypeState } from './state.js';
import { getOwn, setOwn } from '../src/model/keyed.js';
import { marked } from '../src/model/markdown.js';

/** Runs one child after another, for the types that have changes; what depends on a stopped type is skipped in this cycle. */
export async function syncInOrder(run: ProcessRun, plan: Plan): Promise<void> {
  const { types } = run.state;
  const tried = new Set(plan.types.flatMap(({ entityType, due, stopped }) => (due || stopped ? [entityType] : [])));
  for (const planned of plan.types) {
    if (!planned.due || !planned.hasChanges || planned.stopped || run.rewound.has(planned.entityType)) continue;
    const parent = planned.dependsOn.find((name) => tried.has(name) && getOwn(types, name)?.stopped);
    const type = getOwn(types, planned.entityType) ?? setOwn(types, planned.entityType, {});
    if (parent !== undefined) {
      type.stopped = parentStopped(parent, getOwn(types, parent)?.stopped);
      continue;
    }
    const down = downOf(run.state, plan, planned.uses) ?? downFormerly(run.state, plan, planned.uses);
    if (down && patched('down-system') && (passesOver(down, type.passedOver) || !patched('passed-over-once'))) {
      type.stopped = down;
      type.passedOver = true;
      continue;
    }
    delete type.passedOver;
    const result = await syncOne(run, plan, planned);
    take(run, plan, planned, result);
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Paused or cancelled');
    if (result.stopped?.code === 'DefinitionChanged') {
      // Workers that hold different definitions, as while they are replaced, must not be asked in turns without rest.
      if (run.state.changedIn !== run.state.cycle - 1) run.state.runNow = true;
      run.state.changedIn = run.state.cycle;
      return;
    }
  }
}

/** A history may hold that a type was passed over by a rule which is no more. */
function downFormerly(state: ProcessState, plan: Plan, uses: string[] | undefined): Stop | undefined {
  const stop = downOf(state, plan, uses, downByOne);
  return stop && !patched('down-by-several') ? stop : undefined;
}

async function syncOne(run: ProcessRun, plan: Plan, planned: PlannedType): Promise<EntitySyncResult> {
  const { entityType } = planned;
  const child = syncId(run.process, entityType);
  const input = inputOf(run, plan, planned);
  const summary = marked`${entityType}: ${input.bookmark?.at ?? 'from the beginning'} to ${input.until}`;
  run.running = { entityType, child };
  run.accepted = false;
  run.enter('running');
  try {
    return await runChild<typeof entitySync>('entitySync', child, input, summary);
  } catch (error) {
    if (isCancellation(error)) return { ...nothingDone(planned), cancelled: true };
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    return { ...nothingDone(planned), stopped: childFailed(child) };
  } finally {
    run.running = undefined;
  }
}

function inputOf(run: ProcessRun, plan: Plan, planned: PlannedType): EntitySyncInput {
  const bookmark = getOwn(run.state.types, planned.entityType)?.bookmark ?? null;
  return {
    v: 1,
    process: run.process,
    entityType: planned.entityType,
    digest: plan.digest,
    systems: planned.systems,
    bookmark,
    after: bookmark && withOverlap(bookmark, planned.overlap),
    until: planned.horizon ?? now(),
    ...(planned.believed !== undefined ? { believed: planned.believed } : {}),
    timing: plan.timing,
    ...soFar(run, plan, planned),
  };
}

/** How the type fared so far, and where all types got to: a record that arrives late, or is brought over, may have children of any. */
function soFar(
  { state }: ProcessRun,
  plan: Plan,
  { entityType }: PlannedType,
): Pick<EntitySyncInput, 'passed' | 'openUpTo' | 'failing' | 'trial'> {
  const type = getOwn(state.types, entityType);
  const passed = Object.fromEntries(plan.types.map(({ entityType: name }) => [name, getOwn(state.types, name)?.bookmark?.at ?? null]));
  return {
    passed,
    ...(state.openUpTo !== undefined ? { openUpTo: state.openUpTo } : {}),
    // A changed definition begins anew.
    ...(type?.failing && (!type.tooMany || type.tooMany.digest === plan.digest) ? { failing: type.failing } : {}),
    ...(type?.tooMany?.digest === plan.digest ? { trial: type.tooMany.stop } : {}),
  };
}

function nothingDone(planned: PlannedType): EntitySyncResult {
  return { v: 1, bookmark: planned.bookmark, sheet: noSheet, findings: {}, done: false };
}

/** How its records fared, and whether too many of them failed. */
function takeFailures(type: TypeState, plan: Plan, { failing, stopped, sheet, done }: EntitySyncResult): void {
  if (failing) type.failing = failing;
  if (stopped?.code === 'TooManyErrors') type.tooMany = { stop: stopped, digest: plan.digest };
  else if (sheet.read > 0 || done) delete type.tooMany;
}

function take(run: ProcessRun, plan: Plan, planned: PlannedType, result: EntitySyncResult): void {
  const type = getOwn(run.state.types, planned.entityType) ?? setOwn(run.state.types, planned.entityType, {});
  if (!run.accepted) takeFailures(type, plan, result);
  if (result.bookmark) type.bookmark = result.bookmark;
  if (result.sheet.read > 0) {
    type.lastSheet = result.sheet;
    type.total = addSheets(type.total ?? noSheet, result.sheet);
  }
  if (Object.keys(result.findings).length > 0) type.findings = addFindings(type.findings ?? {}, result.findings);
  if (result.stopped) type.stopped = result.stopped;
  if (result.done) type.lastDone = now();
  // What an operator accepted is behind it.
  if (result.done && type.failing?.allowed !== undefined) delete type.failing;
  upsertMemo({ bookmarks: bookmarksOf(run.state) });
  run.publish();
}
