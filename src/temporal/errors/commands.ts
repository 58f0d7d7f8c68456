import { TASK_QUEUE } from '../../../workflows/ids.js';
import { rowsQuery } from '../rows/list-rows.js';

/**
 * Where commands are to go: nothing is said of it where Temporal's own defaults lead there, unless
 * it is to be `explicit`.
 */
export interface Target {
  address: string;
  namespace: string;
  /** What the program is called, or its path; `temporal` where absent. */
  temporal?: string;
  /** For terminals whose own settings may lead elsewhere. */
  explicit?: boolean;
  /** Folder of definitions, where it is not the one that commands look in by themselves. */
  integrations?: string;
}

/**
 * Which rows a command takes: always of one process, and open. `scheduled`: whether they have a
 * next try.
 */
export interface Scope {
  process: string;
  entityType?: string;
  errorType?: string;
  scheduled?: boolean;
}

/** A program and its arguments. */
export type Words = [program: string, ...rest: string[]];

/** Tries rows again, with their attempts counted anew. */
export function retryCommand(scope: Scope, target: Target): Words {
  return signal(['--query', queryOf(scope), '--name', 'retry', '--reason', 'the cause is mended', '--yes'], target);
}

/** Leaves rows aside until a newer version of their record arrives. */
export function ignoreCommand(scope: Scope, target: Target): Words {
  const input = JSON.stringify({ reason: 'say here why they may stay so' });
  return signal(['--query', queryOf(scope), '--name', 'ignore', '--input', input, '--reason', 'ignored by an operator', '--yes'], target);
}

/** Closes rows for good: nothing knows of their records then, until they change. */
export function terminateCommand(scope: Scope, target: Target): Words {
  return temporal('terminate', ['--query', queryOf(scope), '--reason', 'its entity type left the definition', '--yes'], target);
}

/** Has a process try its errored records at once. */
export function runNowCommand(process: string, target: Target): Words {
  return signalCommand(process, 'runNow', { errors: true }, target);
}

/** Starts a process. */
export function startCommand(process: string, target: Target): Words {
  const words = ['--type', 'integrationProcess', '--task-queue', TASK_QUEUE, '--workflow-id', process];
  return temporal('start', [...words, '--input', JSON.stringify({ process })], target);
}

/** Tells a process something. */
export function signalCommand(process: string, name: string, input: object | undefined, target: Target): Words {
  return signal(['--workflow-id', process, '--name', name, ...(input ? ['--input', JSON.stringify(input)] : [])], target);
}

/** Asks a process how it stands. */
export function statusCommand(process: string, target: Target): Words {
  return temporal('query', ['--workflow-id', process, '--type', 'status'], target);
}

/** Shows one record that failed. */
export function showCommand(process: string, entityType: string, id: string, { integrations }: Pick<Target, 'integrations'> = {}): Words {
  const folder = integrations === undefined ? [] : ['--integrations', integrations];
  return ['npx', 'sangam', 'errors', 'show', ...folder, process, entityType, ...(id.startsWith('-') ? ['--'] : []), id];
}

/** Brings one record over at once. */
export function syncCommand(process: string, entityType: string, id: string): Words {
  return ['npx', 'sangam', 'sync', process, entityType, ...(id.startsWith('-') ? ['--'] : []), id];
}

/** A command as it is typed in a POSIX shell. */
export function asTyped(words: Words): string {
  return words.map((word) => (/^[A-Za-z0-9_./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** A query of visibility that finds these rows. */
function queryOf({ process, entityType, errorType, scheduled }: Scope): string {
  const query = rowsQuery(process, entityType, errorType);
  return scheduled === undefined ? query : `${query} AND RetryAt IS ${scheduled ? 'NOT NULL' : 'NULL'}`;
}

function signal(words: string[], target: Target): Words {
  return temporal('signal', words, target);
}

function temporal(what: string, words: string[], target: Target): Words {
  return [target.temporal ?? 'temporal', 'workflow', what, ...to(target), ...words];
}

function to({ address, namespace, explicit = false }: Target): string[] {
  return [
    ...(!explicit && /^(127\.0\.0\.1|localhost):7233$/.test(address) ? [] : ['--address', address]),
    ...(!explicit && namespace === 'default' ? [] : ['--namespace', namespace]),
  ];
}
