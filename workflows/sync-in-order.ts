import { getOwn, setOwn } from '../src/model/keyed.js';
import { marked } from '../src/model/markdown.js';
import { upsertMemo } from '@temporalio/workflow';
import { isTooMany } from './allowance.js';
import type { EntitySyncInput, Plan, PlannedType } from './contracts.js';
import { passesOver } from './down.js';
import { syncId } from './ids.js';
import { now } from './now.js';
import { withOverlap } from './overlap.js';
import type { ProcessRun } from './process-run.js';
import { downOf } from './rests.js';
import { childFailed } from './child-failed.js';
import { parentStopped } from './parent-stopped.js';
import { addFindings } from '../src/model/findings.js';
import { addSheets, emptySheet } from '../src/model/sheet.js';
import { bookmarksOf, type TypeState } from './state.js';
import { passedTo } from '../src/model/bookmark.js';
import { expectGoingOn, grantTurn } from './turn.js';
import { entitySyncResult, type EntitySyncResult } from '../src/model/turns.js';

/**
 * A turn of changes: one child after another, for the types that have some; what depends on a
 * stopped type is skipped in this cycle.
 *
 * @returns the types that are left, since the turn was over.
 */
export async function syncInOrder(run: ProcessRun, plan: Plan, types: PlannedType[]): Promise<PlannedType[]> {
  const turnEnds = Date.now() + plan.timing.turn;
  for (const [index, planned] of types.entries()) {
    const { entityType } = planned;
    if (!planned.due || !planned.hasChanges || planned.stopped || run.rewound.has(entityType)) continue;
    if (Date.now() >= turnEnds) return types.slice(index);
    const type = getOwn(run.state.types, entityType) ?? setOwn(run.state.types, entityType, {});
    if (isSkipped(run, plan, planned, type)) continue;
    const result = await syncOne(run, plan, planned, turnEnds);
    take(run, plan, planned, result);
    expectGoingOn();
    if (result.stopped?.code === 'DefinitionChanged') return planAnew(run);
    if (!result.done && !result.stopped) return types.slice(index);
  }
  return [];
}

/**
 * Workers that hold different definitions, as while they are replaced, must not be asked in turns
 * without rest.
 */
export function planAnew({ state }: ProcessRun): [] {
  if (state.changedIn !== state.cycle - 1) state.goOn = true;
  state.changedIn = state.cycle;
  return [];
}

/**
 * Whether what a type depends on, or a system that it needs, keeps it from being tried in this
 * cycle.
 */
function isSkipped({ state }: ProcessRun, plan: Plan, { dependsOn, uses }: PlannedType, type: TypeState): boolean {
  const tried = new Set(plan.types.flatMap(({ entityType, due, stopped }) => (due || stopped ? [entityType] : [])));
  const parent = dependsOn.find((name) => tried.has(name) && getOwn(state.types, name)?.stopped);
  if (parent !== undefined) {
    type.stopped = parentStopped(parent, getOwn(state.types, parent)?.stopped);
    return true;
  }
  const down = downOf(state, plan, uses);
  if (down && passesOver(down, type.passedOver)) {
    type.stopped = down;
    type.passedOver = true;
    return true;
  }
  delete type.passedOver;
  return false;
}

/** Which definition the plan follows. */
export function definitionOf({ digest, changedAt }: Plan): Pick<Plan, 'digest' | 'changedAt'> {
  return { digest, ...(changedAt !== undefined ? { changedAt } : {}) };
}

async function syncOne(run: ProcessRun, plan: Plan, planned: PlannedType, turnEnds: number): Promise<EntitySyncResult> {
  const { entityType, horizon } = planned;
  const nothing = {
    v: 1 as const,
    // Where it stands: an operator may have moved that meanwhile.
    bookmark: null,
    sheet: emptySheet,
    findings: {},
    done: false,
  };
  const id = syncId(run.process, entityType);
  const summary = marked`${entityType}: ${getOwn(run.state.types, entityType)?.bookmark?.at ?? 'from the beginning'} to ${horizon ?? ''}`;
  const child = { type: 'entitySync', id, entityType, summary };
  const result = await grantTurn(run, child, plan.timing, {
    input: () => inputOf(run, plan, planned, turnEnds),
    result: entitySyncResult(),
  });
  if (result === 'failed') return { ...nothing, stopped: childFailed(id) };
  return result === 'cancelled' ? { ...nothing, cancelled: true } : result;
}

function inputOf({ process, state }: ProcessRun, plan: Plan, planned: PlannedType, turnEnds: number): EntitySyncInput {
  const { entityType, systems, overlap, horizon, believed } = planned;
  const type = getOwn(state.types, entityType);
  const bookmark = type?.bookmark ?? null;
  // A record that arrives late, or is brought over, may have children of any type.
  const passed = Object.fromEntries(
    plan.types.flatMap(({ entityType: name }) => Object.entries(passedTo(name, getOwn(state.types, name)?.bookmark))),
  );
  return {
    ...{ v: 1, process, entityType, ...definitionOf(plan), systems, bookmark },
    after: bookmark && withOverlap(bookmark, overlap),
    until: horizon ?? now(),
    ...(believed !== undefined ? { believed } : {}),
    ...{ timing: plan.timing, turnEnds, passed },
    ...(state.openUpTo !== undefined ? { openUpTo: state.openUpTo } : {}),
    // A changed definition begins anew.
    ...(type?.failing && (!type.tooMany || type.tooMany.digest === plan.digest) ? { failing: type.failing } : {}),
    ...(type?.tooMany?.digest === plan.digest ? { trial: type.tooMany.stop } : {}),
  };
}

function take(run: ProcessRun, plan: Plan, { entityType }: PlannedType, result: EntitySyncResult): void {
  const type = getOwn(run.state.types, entityType) ?? setOwn(run.state.types, entityType, {});
  const { bookmark, sheet, findings, stopped, done } = result;
  if (!run.accepted) takeFailures(type, plan, result);
  if (bookmark) type.bookmark = bookmark;
  if (sheet.read > 0) {
    type.lastSheet = sheet;
    type.total = addSheets(type.total ?? emptySheet, sheet);
  }
  if (Object.keys(findings).length > 0) type.findings = addFindings(type.findings ?? {}, findings);
  if (stopped) type.stopped = stopped;
  if (done) type.lastDone = now();
  // What an operator accepted is behind it.
  if (done && type.failing?.allowed !== undefined) delete type.failing;
  upsertMemo({ bookmarks: bookmarksOf(run.state) });
  run.publish();
}

/** How its records fared, and whether too many of them failed. */
function takeFailures(type: TypeState, { digest }: Plan, { failing, stopped, sheet, done }: EntitySyncResult): void {
  if (failing) type.failing = failing;
  if (stopped && isTooMany(stopped)) type.tooMany = { stop: stopped, digest };
  else if (sheet.read > 0 || done) delete type.tooMany;
}
