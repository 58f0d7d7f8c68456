import type { ConnectorTypes } from '../connectors/registry.js';
import type { Definition, Problem } from '../definition/definition.js';
import { loadDefinitions, type KnownFiles } from '../definition/load-definitions.js';
import type { Logger } from '../log.js';
import { compileMapping } from '../mapping/compile-mapping.js';
import type { Instant } from '../model/instant.js';
import { filesBelow, type FileState } from './files-below.js';
import { activate, connect, type ActiveProcess, type Connectors, type MakeMapping } from './active-process.js';

export interface IntegrationStoreOptions {
  /** Folder of definitions, or one file. */
  path: string;
  connectorTypes: ConnectorTypes;
  env: Record<string, string | undefined>;
  log: Logger;
  /**
   * Makes mappings that run on threads, as every worker and command does. Absent: they run in this
   * one, which suits tests alone.
   */
  makeMapping?: MakeMapping;
  /**
   * Milliseconds after which what lay in the future is looked at again, 60,000 unless told
   * otherwise: not at each activity, since all processes of the folder would be connected anew.
   */
  futureAgain?: number;
}

/** Problems that are logged. */
const TOLD = 3;

/**
 * A process in force, and when its file or a code table was last changed; `problem` says why the
 * one in the folder is not in force.
 */
export type FoundProcess =
  { active: ActiveProcess; changedAt: Instant; problem?: string } | { missing: 'UnknownProcess' | 'DefinitionInvalid'; message: string };

/**
 * The definitions of a folder, read again when a file changed. A definition that has become
 * invalid, or has vanished, leaves the last good one in force for as long as this store lives.
 */
export class IntegrationStore {
  private signature: string | undefined;
  private readAgainAt = Number.POSITIVE_INFINITY;
  private refreshing: Promise<void> | undefined;
  private problems: Problem[] = [];
  private readonly current = new Map<string, Definition>();
  private readonly inFolder = new Set<string>();
  private readonly active = new Map<string, ActiveProcess>();
  /**
   * Of all processes of a definition: what is sent to a system is bounded for all of them together.
   */
  private readonly connectors = new WeakMap<Definition, Connectors>();
  private readonly known: KnownFiles = new Map();
  private files: FileState[] = [];
  private readonly changedAt = new WeakMap<Definition, Instant>();

  constructor(private readonly options: IntegrationStoreOptions) {}

  /** The command that says all that is wrong, as it is typed where the worker was started. */
  private get validate(): string {
    return `npx sangam validate ${this.options.path}`;
  }

  /**
   * Reads what changed on disk, and logs what is wrong with it. @returns the ids of all processes
   * in force.
   */
  async read(): Promise<string[]> {
    this.refreshing ??= this.refresh().finally(() => (this.refreshing = undefined));
    await this.refreshing;
    return [...this.current.values()].flatMap((definition) => Object.values(definition.processes).map((process) => process.id));
  }

  /** By process id, `<integration>/<process>`; what changed on disk is seen. */
  async find(processId: string): Promise<FoundProcess> {
    const known = await this.read();
    const definition = this.current.get(processId.split('/')[0] ?? '');
    const process = definition && Object.values(definition.processes).find((each) => each.id === processId);
    if (!definition || !process) return this.missing(processId, known);
    const problem = this.inFolder.has(definition.integration) ? undefined : this.whyNotInForce(definition);
    const changedAt = this.changedAt.get(definition) ?? '';
    return { active: this.activated(definition, processId), changedAt, ...(problem !== undefined ? { problem } : {}) };
  }

  private activated(definition: Definition, processId: string): ActiveProcess {
    const known = this.active.get(processId);
    if (known?.definition === definition) return known;
    const process = Object.values(definition.processes).find((each) => each.id === processId);
    if (!process) throw new Error(`No process ${processId}`);
    const { connectorTypes, makeMapping = inThisThread } = this.options;
    const connectors = this.connectors.get(definition) ?? connect(definition, connectorTypes);
    this.connectors.set(definition, connectors);
    const fresh = activate(definition, process, { types: connectorTypes, connectors, makeMapping });
    this.active.set(processId, fresh);
    return fresh;
  }

  private missing(processId: string, known: string[]): FoundProcess {
    if (this.problems.length > 0)
      return {
        missing: 'DefinitionInvalid',
        message: `No valid definition has the process ${processId}. ${problemText(this.problems, this.validate)}`,
      };
    return {
      missing: 'UnknownProcess',
      message: `No definition in the worker’s folder has a process ${processId}. It has: ${known.join(', ') || 'none'}.`,
    };
  }

  /** Of its own file, or of the folder as a whole: what is wrong with the others is not why. */
  private whyNotInForce({ file, included = [] }: Definition): string {
    const own = this.problems.filter((problem) => [file, ...included, this.options.path].includes(problem.file));
    if (own.length > 0) return problemText(own, this.validate);
    return this.problems.length === 0
      ? 'No file in the folder defines it any more.'
      : `No valid file in the folder defines it any more; ${this.validate} says what is wrong with the others.`;
  }

  private async refresh(): Promise<void> {
    const { path, connectorTypes, env, log, futureAgain = 60_000 } = this.options;
    const files = await filesBelow(path);
    const signature = JSON.stringify(files);
    if (signature === this.signature && Date.now() < this.readAgainAt) return;
    if (Date.now() >= this.readAgainAt) this.known.clear();
    forgetChanged(this.known, this.files, files);
    this.files = files;
    const { definitions, problems, warnings } = await loadDefinitions({ paths: [path], connectorTypes, env, known: this.known });
    this.problems = problems;
    this.inFolder.clear();
    for (const definition of definitions) {
      this.inFolder.add(definition.integration);
      this.current.set(definition.integration, definition);
      this.changedAt.set(definition, changeOf(definition, files));
    }
    // What lies in the future comes to be right by itself.
    this.readAgainAt = problems.some(({ code }) => code === 'FutureSince') ? Date.now() + futureAgain : Number.POSITIVE_INFINITY;
    this.signature = signature;
    log.info({ definitions: definitions.length, problems: problems.length }, 'Definitions read');
    if (problems.length > 0)
      log.warn(
        { problems: problems.slice(0, TOLD).map(placed) },
        `Definitions cannot be used as they are: ${this.validate} lists all problems`,
      );
    if (warnings.length > 0)
      log.warn(
        { warnings: warnings.slice(0, TOLD).map(placed) },
        `Definitions are used, with a warning: ${this.validate} lists all of them`,
      );
  }
}

const inThisThread: MakeMapping = (entityType, codes) => compileMapping({ entityType, codes });

function problemText([first, ...others]: Problem[], validate: string): string {
  const more = others.length > 0 ? ` (and ${others.length} more; ${validate} lists them)` : '';
  return `${first ? placed(first) : ''}${more}`;
}

/** A problem in words, with its place. */
function placed({ file, line, path, message }: Problem): string {
  return `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`;
}

/**
 * Takes out the files that changed; all where others than definitions did.
 */
function forgetChanged(known: KnownFiles, before: FileState[], now: FileState[]): void {
  const seen = new Map(before.map((each) => [each.file, JSON.stringify(each)]));
  const changed = now.filter((each) => seen.get(each.file) !== JSON.stringify(each)).map(({ file }) => file);
  const there = new Set(now.map(({ file }) => file));
  const all = [...changed, ...[...seen.keys()].filter((file) => !there.has(file))];
  // A code table, or what is included: any definition may use it.
  if (all.some((file) => !known.has(file))) known.clear();
  for (const file of all) known.delete(file);
}

/** When a file of a definition was last changed: its own, or one that it includes or reads. */
function changeOf({ file, included = [], codeFiles = [] }: Definition, files: FileState[]): Instant {
  const own = new Set([file, ...included, ...codeFiles]);
  const its = files.filter((each) => own.has(each.file));
  return new Date(Math.max(0, ...its.map(({ mtimeMs }) => mtimeMs))).toISOString();
}
