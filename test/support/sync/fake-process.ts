import type { Bookmark } from '../../../src/connectors/connector.js';
import type { EntityTypeDefinition, ErrorsDefinition } from '../../../src/definition/definition.js';
import { classifier } from '../../../src/errors/classify.js';
import type { ErrorType } from '../../../src/errors/error-type.js';
import { MappingFailed, type Mapping } from '../../../src/mapping/mapping.js';
import type { EntityTypeParts } from '../../../src/sync/parts.js';
import type { Progress, SyncResult } from '../../../src/model/progress.js';
import { retryRows } from '../../../src/sync/retry-rows.js';
import { syncChanges, type SyncWork } from '../../../src/sync/sync-changes.js';
import { FakeDestination } from './fake-destination.js';
import { FakeRows } from './fake-rows.js';
import { FakeSystem, iso, noContext, type At, type FakeRecord } from './fake-source.js';

export type Settings = Partial<
  Pick<EntityTypeDefinition, 'whenNoLonger' | 'whenVoided' | 'whenParentMissing' | 'whenEdited' | 'concepts' | 'since'>
> & {
  dependsOn?: string[];
  parents?: EntityTypeDefinition['parents'];
};

export interface FakeProcess {
  system: FakeSystem;
  destination: FakeDestination;
  rows: FakeRows;
  parts: Record<string, EntityTypeParts>;
  bookmarks: Record<string, Bookmark | null>;
  /** Syncs one type from its bookmark to now, which moves it. */
  sync(type: string, work?: Partial<SyncWork>): Promise<SyncResult>;
  /** Syncs every type in order. */
  cycle(work?: Partial<SyncWork>): Promise<Record<string, SyncResult>>;
  /** Tries every open row again, type by type, in a few passes. */
  heal(): Promise<void>;
}

const errors: ErrorsDefinition = {
  cadence: { every: 1 },
  attempts: 20,
  backOff: { first: 1, longest: 1 },
  unclassified: 'retry',
  stopAfter: { consecutive: 25, share: 0.5, open: 5_000 },
};

/**
 * A process in memory, of these types in this order; each record maps to one resource that refers
 * to its parents.
 */
export function fakeProcess(
  types: Record<string, Settings>,
  more: { at?: At; errors?: Partial<ErrorsDefinition>; errorTypes?: ErrorType[] } = {},
): FakeProcess {
  const system = new FakeSystem(more.at);
  const destination = new FakeDestination(more.at);
  const rows = new FakeRows(more.at);
  const parts: Record<string, EntityTypeParts> = {};
  const all: EntityTypeParts[] = [];
  for (const [name, settings] of Object.entries(types)) {
    const dependsOn = settings.dependsOn ?? [];
    const made: EntityTypeParts = {
      integration: 'i',
      process: 'p',
      definition: definitionOf(name, settings),
      source: system.source(name),
      destination,
      mapping: mappingOf([...dependsOn, ...Object.keys(settings.parents ?? {})]),
      types: all,
      parents: Object.fromEntries(dependsOn.flatMap((parent) => (parts[parent] ? [[parent, parts[parent]]] : []))),
      children: {},
      classify: classifier(more.errorTypes ?? [], 'retry'),
      errors: { ...errors, ...more.errors },
    };
    parts[name] = made;
    all.push(made);
    for (const parent of Object.values(made.parents)) parent.children[name] = made;
  }
  const bookmarks: FakeProcess['bookmarks'] = {};
  const passed = () => Object.fromEntries(Object.keys(types).map((name) => [name, bookmarks[name]?.at ?? null]));
  const partsOf = (type: string): EntityTypeParts => parts[type] ?? fail(type);
  const sync: FakeProcess['sync'] = async (type, work = {}) => {
    const given: SyncWork = {
      after: bookmarks[type] ?? null,
      until: iso(system.time),
      limit: 10,
      shouldYield: () => false,
      onProgress: () => undefined,
      rows: rows.open(),
      passed: passed(),
      ...work,
    };
    const result = await syncChanges(partsOf(type), given, noContext());
    bookmarks[type] = result.bookmark;
    return result;
  };
  return {
    system,
    destination,
    rows,
    parts,
    bookmarks,
    sync,
    cycle: async (work) => {
      const results: Record<string, SyncResult> = {};
      for (const type of Object.keys(types)) results[type] = await sync(type, work);
      return results;
    },
    heal: async () => {
      const work = {
        expectHealthy: async () => undefined,
        now: () => iso(system.time),
        shouldYield: () => false,
        onProgress: () => undefined,
      };
      for (let passes = 0; passes < 4 && rows.rows.size > 0; passes += 1)
        for (const type of Object.keys(types)) {
          const ids = [...rows.rows.keys()].flatMap((key) => (key.startsWith(`${type} `) ? [key.slice(type.length + 1)] : []));
          await retryRows(ids, partsOf(type), { ...work, rows: rows.open() }, noContext());
        }
    },
  };
}

/** Where an execution that was lost goes on: what it last told of its progress. */
export function lastProgress(): { progress?: Progress; onProgress(progress: Progress): void } {
  const kept: { progress?: Progress; onProgress(progress: Progress): void } = {
    onProgress: (progress) => {
      kept.progress = progress;
    },
  };
  return kept;
}

function definitionOf(name: string, { dependsOn = [], parents = {}, ...settings }: Settings): EntityTypeDefinition {
  return {
    name,
    formerly: [],
    cadence: { every: 1 },
    dependsOn: Object.fromEntries(dependsOn.map((parent) => [parent, parent])),
    parents,
    from: { system: 's', settings: {} },
    to: { system: 'd', settings: {}, adopt: false, keys: {} },
    map: { main: '' },
    whenNoLonger: 'remove',
    whenVoided: settings.whenNoLonger ?? 'remove',
    concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
    whenParentMissing: 'bring',
    ...settings,
  };
}

function mappingOf(dependsOn: string[]): Mapping {
  const of = (body: unknown): FakeRecord => body as FakeRecord;
  return {
    parentRefs: dependsOn.map((entityType) => ({ entityType })),
    parentIds: async (body) => Object.fromEntries(dependsOn.map((parent) => [parent, of(body).parents[parent]])),
    accepts: async (body) => of(body).accepted,
    keys: async () => ({}),
    map: async (body, scope) => {
      if (of(body).bad === 'mapping')
        throw new MappingFailed({ code: 'MappingFailed', message: 'It cannot be mapped.', remedy: 'Correct it.' });
      const parents = dependsOn.flatMap((parent) => scope.parent(parent) ?? []);
      return { resources: { main: { parents } }, unmapped: of(body).concepts ?? [] };
    },
  };
}

function fail(type: string): never {
  throw new Error(`No type ${type}`);
}
