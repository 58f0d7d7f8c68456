import type { ActiveProcess } from '../src/assembly/active-process.js';
import { planDigest } from '../src/assembly/plan-digest.js';
import type { EntityTypeDefinition, SystemDefinition } from '../src/definition/definition.js';
import { toldOf } from '../src/model/clock-doubts.js';
import type { Stop } from '../src/model/stop.js';
import { after, dueAt, early } from './cadence.js';
import type { Plan, PlanCycleInput, PlanCycleResult, PlannedType } from '../workflows/contracts.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import type { ActivityDependencies } from './dependencies.js';
import { alive } from './heartbeat.js';
import { atOdds } from './hand-back.js';
import { LookAhead } from './look-ahead.js';
import { leftOver } from './left-over.js';
import { listOpen } from './list-open.js';
import { knownRows } from './known-rows.js';
import { untilOthersEnd } from './others-end.js';
import { parseStartBookmarks } from './start-bookmarks.js';
import { dependenciesOf } from '../src/definition/parents.js';
import { getOwn } from '../src/model/keyed.js';
import { workContext } from './work-context.js';

/**
 * Milliseconds after which no further type is asked about: what is planned by then is gone on with,
 * before Temporal gives the plan up (5 minutes).
 */
const ASKING = 4 * 60_000;

/**
 * What a cycle has to do: the definition in force, one horizon for each source system, what is due
 * and has changes, and when the next is due.
 */
export async function planCycle(given: PlanCycleInput, dependencies: ActivityDependencies): Promise<PlanCycleResult> {
  const found = await dependencies.integrations.find(given.process);
  const odds = given.insist ? undefined : atOdds(found, given);
  if (odds !== undefined) return { kind: 'elsewhere', worker: dependencies.worker, message: odds };
  if ('missing' in found) return { kind: 'refused', code: found.missing, message: found.message };
  const { active } = found;
  const current = given.plan === undefined ? undefined : planDigest(active);
  const isOther = current !== undefined && current !== given.plan;
  const input = isOther ? { ...given, runNow: false } : given;
  const busy = input.digest === undefined ? await untilOthersEnd(active.process, dependencies) : undefined;
  if (busy !== undefined) return { kind: 'busy', until: busy };
  const started = parseStartBookmarks(
    input.startBookmarks,
    active.process.entityTypes.map((type) => type.name),
    new Date(dependencies.now()).toISOString(),
  );
  if ('refused' in started) return { kind: 'refused', code: 'InvalidBookmarks', message: started.refused };
  const bookmarks = { ...started.bookmarks, ...input.bookmarks };
  const context = workContext(dependencies);
  const begin = dependencies.now();
  const ahead = new LookAhead(active, context, () => dependencies.now() - begin > ASKING);
  const types: PlannedType[] = [];
  await alive(async () => {
    const planned = new Map<string, PlannedType>();
    const planning = { input, active, ahead, now: begin };
    const anyDue = active.process.entityTypes.some((entityType) => dueOf(entityType, planning).due);
    for (const entityType of soundFirst(active.process.entityTypes, input.failures))
      planned.set(entityType.name, await planType(entityType, getOwn(bookmarks, entityType.name), { ...planning, anyDue }));
    types.push(...active.process.entityTypes.flatMap(({ name }) => planned.get(name) ?? []));
  }, context);
  const other = types.find((type) => type.stopped?.code === 'SystemsChanged');
  if (other?.stopped && input.startBookmarks !== undefined)
    return { kind: 'refused', code: 'SystemsChanged', message: `${other.entityType}: ${other.stopped.message} ${other.stopped.remedy}` };
  const { problem } = found;
  // Temporal's lists may be slow where many ask.
  const listed = input.list || input.digest !== active.process.digest ? await alive(() => readList(active, dependencies)) : {};
  return {
    kind: 'plan',
    plan: {
      digest: active.process.digest,
      ...(isOther ? { other: current } : {}),
      changedAt: found.changedAt,
      timing: dependencies.timing,
      ...(problem !== undefined ? { definitionProblem: problem } : {}),
      types,
      clocks: toldOf(ahead.clocks),
      errors: nextErrors(active, input, dependencies.now()),
      ...listed,
    },
  };
}

/** What the list of errored records shows. */
async function readList({ process }: ActiveProcess, dependencies: ActivityDependencies): Promise<Pick<Plan, 'rows' | 'leftOver'>> {
  const rows = await listOpen(process.id, dependencies);
  const left = leftOver(rows, process, dependencies.client);
  return {
    rows: knownRows(rows, process.digest, new Date(dependencies.now()).toISOString()),
    ...(left.length > 0 ? { leftOver: left } : {}),
  };
}

/** Whether it is time for a pass over errored records, and when the next one begins by itself. */
function nextErrors({ process: { errors } }: ActiveProcess, { began, lastErrorsLook }: PlanCycleInput, now: number): Plan['errors'] {
  const dueTime = dueAt(errors.cadence, lastErrorsLook, now, Date.parse(began));
  const due = dueTime <= now;
  return { due, nextDue: new Date(due ? after(errors.cadence, now, Date.parse(began)) : dueTime).toISOString() };
}

/**
 * Those that failed least often come first: one that always fails must not tell of its system
 * before the others were asked.
 */
function soundFirst(types: EntityTypeDefinition[], failures: PlanCycleInput['failures'] = {}): EntityTypeDefinition[] {
  return [...types].sort((a, b) => (getOwn(failures, a.name) ?? 0) - (getOwn(failures, b.name) ?? 0));
}

interface Planning {
  input: PlanCycleInput;
  active: ActiveProcess;
  ahead: LookAhead;
  now: number;
  /** Whether any type of the process is due: those that are due soon go with it. */
  anyDue?: boolean;
}

/** Whether a type is due, when it is or was, and until when it is left alone. */
function dueOf({ name, cadence }: EntityTypeDefinition, { input, active, now, anyDue = false }: Planning) {
  const dueTime = dueAt(cadence, getOwn(input.lastDone, name), now, Date.parse(input.began));
  // What failed under another definition is tried at once: that may be what was wrong.
  const corrected = input.restsUnder !== undefined && input.restsUnder !== active.process.digest;
  const rests = input.runNow || corrected ? undefined : getOwn(input.rests, name);
  const due = input.runNow || (dueTime <= now + (anyDue ? early(cadence) : 0) && rests === undefined);
  return { due, dueTime, rests };
}

async function planType(entityType: EntityTypeDefinition, saved: SavedBookmark | undefined, planning: Planning): Promise<PlannedType> {
  const { input, active, now } = planning;
  const { systems } = active.definition;
  const [source, destination] = [getOwn(systems, entityType.from.system), getOwn(systems, entityType.to.system)];
  const fingerprint = `${source?.fingerprint}+${destination?.fingerprint}`;
  const lastDone = getOwn(input.lastDone, entityType.name);
  const { due, dueTime, rests } = dueOf(entityType, planning);
  const planned: PlannedType = {
    entityType: entityType.name,
    dependsOn: dependenciesOf(entityType),
    bookmark: saved ?? (entityType.since !== undefined ? { v: 1, at: entityType.since } : null),
    systems: fingerprint,
    uses: [entityType.from.system, entityType.to.system],
    overlap: source?.overlap ?? 0,
    due,
    nextDue: new Date(
      due ? after(entityType.cadence, now, Date.parse(input.began)) : Math.max(dueTime, rests === undefined ? 0 : Date.parse(rests)),
    ).toISOString(),
    hasChanges: false,
  };
  if (saved?.systems !== undefined && saved.systems !== fingerprint && !input.acceptSystems)
    return { ...planned, stopped: systemsChanged(entityType, source, destination) };
  if (planned.bookmark) planned.bookmark = { ...planned.bookmark, systems: fingerprint };
  if (!due) return planned;
  const { margin = 0, overlap = 0, clockBound = 0 } = source ?? {};
  const limits = { margin, overlap, clockBound, ...(lastDone !== undefined ? { lastDone } : {}) };
  return { ...planned, ...(await planning.ahead.ask(entityType, planned.bookmark, limits)) };
}

function systemsChanged(
  entityType: EntityTypeDefinition,
  source: SystemDefinition | undefined,
  destination: SystemDefinition | undefined,
): Stop {
  return {
    code: 'SystemsChanged',
    message: `The bookmark of ${entityType.name} belongs to other systems than the ${source?.name} and ${destination?.name} of the definition (connector, URL or tenant differ).`,
    remedy:
      'Point the definition back, or terminate the process and start it with "acceptSystems": true to keep the bookmarks, or without bookmarks to begin anew.',
    needs: 'person',
  };
}
