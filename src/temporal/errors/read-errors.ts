import type { Client } from '@temporalio/client';
import type { RowStatus } from '../../../workflows/errored/status.js';
import type { ErrorsStatus } from '../../../workflows/errors/status.js';
import type { LeftOver } from '../../../workflows/errors/left-over.js';
import { isProcessId } from '../../../workflows/ids.js';
import type { ProcessStatus } from '../../../workflows/status.js';
import { askStatus } from '../ask.js';
import { describeWorkflow, isOpen } from '../executions.js';
import { listRows } from '../rows/list-rows.js';
import { asTyped, ignoreCommand, retryCommand, runNowCommand, showCommand, startCommand, type Scope, type Target } from './commands.js';
import { groupRows, type RowGroup } from './group-rows.js';

/** Open rows of a process, with what to do about them. */
export interface ProcessErrors {
  process: string;
  /** Rows that are tried again, or wait for a person. */
  open: number;
  ignored: number;
  /** Children that wait on all of them. */
  waiting: number;
  groups: ErrorGroup[];
  /**
   * What the process does about them; absent where it does not run, or no worker answers for it.
   */
  retries?: ErrorsStatus;
  /** Workflow ids of what looks like rows, and cannot be read: others started them. */
  passedOver?: string[];
  /** No worker answers, so that what happened, or what the process does about it, is not known. */
  silent?: true;
  /** Has the process try them at once; or starts it, where it does not run. */
  runNow: string;
}

export interface ErrorGroup extends RowGroup {
  /** As the one that is open longest says; absent where no worker answers. */
  message?: string;
  remedy?: string;
  /** Commands, as they are typed. Those for an ignored group take it up again. */
  commands: { show: string; retry: string; ignore?: string };
  /** The definition does not have their entity type, so that nothing tries them. */
  leftOver?: LeftOver;
  /** A command takes more than this group. */
  alsoTakes?: string;
}

/** @throws Error in words where nothing is known of such a process. */
export async function readErrors(client: Client, process: string, target: Target): Promise<ProcessErrors> {
  if (!isProcessId(process)) throw unknownProcess(process);
  const passedOver: string[] = [];
  const groups = groupRows(await listRows(client, process, { onPassedOver: (workflowId) => passedOver.push(workflowId) }));
  const found = await describeWorkflow(client, process);
  const status = found && isOpen(found) ? await askStatus<ProcessStatus>(client, process) : 'missing';
  if (groups.length === 0 && !found) throw unknownProcess(process, passedOver);
  const told = groups.length > 0 ? await remedies(client, groups) : [];
  const retries = typeof status === 'object' ? status.errors : undefined;
  const leftOver = (entityType: string): { leftOver?: LeftOver } => {
    const found = retries?.leftOver?.find((each) => each.entityType === entityType);
    return found ? { leftOver: found } : {};
  };
  const count = (ignored: boolean): number => groups.reduce((sum, group) => sum + (group.ignored === ignored ? group.count : 0), 0);
  return {
    process,
    open: count(false),
    ignored: count(true),
    waiting: groups.reduce((sum, { waiting }) => sum + waiting, 0),
    groups: groups.map((group, index) => ({
      ...group,
      ...told[index],
      ...commandsOf(group, groups, process, target),
      ...leftOver(group.entityType),
    })),
    ...(retries ? { retries } : {}),
    ...(passedOver.length > 0 ? { passedOver } : {}),
    ...(groups.length > 0 && (status === 'silent' || told.length < groups.length) ? { silent: true as const } : {}),
    runNow: asTyped(status === 'missing' ? startCommand(process, target) : runNowCommand(process, target)),
  };
}

/**
 * Visibility cannot tell an ignored row from one that waits for a person: neither has a next try.
 * Where both are there, commands take both, and it is said.
 */
function commandsOf(group: RowGroup, all: RowGroup[], process: string, target: Target): Pick<ErrorGroup, 'commands' | 'alsoTakes'> {
  const { entityType, errorType, ignored, oldest, forPerson } = group;
  const other = all.find((each) => each.entityType === entityType && each.errorType === errorType && each.ignored !== ignored);
  const mixed = other !== undefined && (ignored ? other.forPerson : forPerson) > 0;
  const scope: Scope = { process, entityType, errorType, ...(other && !mixed ? { scheduled: !ignored } : {}) };
  return {
    commands: {
      show: asTyped(showCommand(process, entityType, oldest.id, target)),
      retry: asTyped(retryCommand(scope, target)),
      ...(ignored ? {} : { ignore: asTyped(ignoreCommand(scope, target)) }),
    },
    ...(mixed ? { alsoTakes: ignored ? `the ${other.count} that are not ignored` : `the ${other.count} ignored` } : {}),
  };
}

/**
 * What the oldest row of each group says; asking ends with the first that does not answer, since
 * then no worker does.
 */
async function remedies(client: Client, groups: RowGroup[]): Promise<{ message?: string; remedy?: string }[]> {
  const told = [];
  for (const { oldest } of groups) {
    const row = await askStatus<RowStatus>(client, oldest.workflowId);
    if (typeof row === 'string') return told;
    const { failure } = row;
    if (failure) told.push({ message: failure.error.message, remedy: failure.error.remedy });
    else
      told.push({
        message: 'Nothing of it failed; children wait on it.',
        remedy: 'Nothing: the process looks at it, and brings its children. Where it stays, see whether its source has the record.',
      });
  }
  return told;
}

function unknownProcess(process: string, passedOver: string[] = []): Error {
  const [first] = passedOver;
  const but =
    first === undefined
      ? ''
      : ` ${passedOver.length} workflows look like its errored records and cannot be read, e.g. ${JSON.stringify(first)}.`;
  return new Error(
    `Nothing is known of a process "${process.slice(0, 120)}" in this namespace. It is <integration>/<process>, e.g. clinic/maternal-health.${but}`,
  );
}
