import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { ProcessDefinition } from '../src/definition/definition.js';
import { Cancelled } from '../src/errors/system-failure.js';
import { askStatus } from '../src/temporal/ask.js';
import { restsWithProcess } from '../src/temporal/look-at-process.js';
import { isFailing, type ListedRow } from '../src/temporal/rows/list-rows.js';
import type { PlanRetriesInput, PlanRetriesResult, RetryPlan } from '../workflows/contracts.js';
import type { ProcessStatus } from '../workflows/status.js';
import { after, dueAt } from './cadence.js';
import { countOpen } from './count-open.js';
import type { ActivityDependencies } from './dependencies.js';
import { isDue } from './due-rows.js';
import { alive } from './heart.js';
import { leftOver } from './left-over.js';
import { listOpen } from './list-open.js';

/** Milliseconds by which lists may lag behind what rows were just told: asked to look now, it waits for them. */
const LISTS_LAG = 1_000;

/** What a pass over the errored records has to do: the definition in force, which types have due rows, and what is open. */
export async function planRetries(input: PlanRetriesInput, dependencies: ActivityDependencies): Promise<PlanRetriesResult> {
  const { client, integrations, timing } = dependencies;
  const found = await integrations.find(input.process);
  if ('missing' in found) return { kind: 'refused', code: found.missing, message: found.message };
  const { process } = found.active;
  const rows = await alive(async () => {
    if (input.runNow) await pause(LISTS_LAG, undefined, { signal: ActivityContext.current().cancellationSignal }).catch(cancelled);
    return listOpen(input.process, dependencies);
  });
  const now = dependencies.now();
  const { cadence } = process.errors;
  const dueTime = dueAt(cadence, input.lastLook, now);
  const due = dueTime <= now;
  const wanted = due || input.runNow;
  const until = new Date(now).toISOString();
  const dueRows = rows.filter((row) => isDue(row, process.digest, until));
  const count = (entityType: string): number => dueRows.filter((row) => row.entityType === entityType).length;
  const types: RetryPlan['types'] = process.entityTypes.flatMap(({ name, dependsOn }) => {
    const number = wanted ? count(name) : 0;
    return number > 0 ? [{ entityType: name, dependsOn: Object.keys(dependsOn), due: number }] : [];
  });
  const left = leftOver(rows, process, client);
  const follow = input.first && (await restsWithProcess(client, input.process));
  return {
    kind: 'plan',
    plan: {
      digest: process.digest,
      timing,
      ...(found.problem !== undefined ? { definitionProblem: found.problem } : {}),
      due,
      nextDue: new Date(due ? after(cadence, now) : dueTime).toISOString(),
      types,
      open: countOpen(rows),
      dueNow: dueRows.length,
      ...(await openUpTo(rows, process, client)),
      ...(left.length > 0 ? { leftOver: left } : {}),
      ...(follow ? { follow: { since: until, reason: 'its regular process is paused' } } : {}),
    },
  };
}

/** How many open rows an operator accepted by `resume` of the regular process, which alone knows: it is asked only where too many are open. */
async function openUpTo(rows: ListedRow[], { id, errors }: ProcessDefinition, client: Client): Promise<Pick<RetryPlan, 'openUpTo'>> {
  if (rows.filter(isFailing).length < errors.stopAfter.open) return {};
  const status = await alive(() => askStatus<ProcessStatus>(client, id));
  return typeof status === 'object' && status.openUpTo !== undefined ? { openUpTo: status.openUpTo } : {};
}

function cancelled(): never {
  throw new Cancelled('Cancelled while lists catch up');
}
