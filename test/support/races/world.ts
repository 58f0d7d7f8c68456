import type { ChangeSource, Context, Destination, SourceRecord, Unreadable, WriteRequest } from '../../../src/connectors/connector.js';
import type { EntityTypeDefinition } from '../../../src/definition/definition.js';
import { classifier } from '../../../src/errors/classify.js';
import { silent } from '../../../src/log.js';
import { MappingFailed } from '../../../src/mapping/mapping.js';
import type { EntityTypeParts } from '../../../src/sync/parts.js';
import { Budget } from '../../../src/sync/budget.js';
import type { RetryWork } from '../../../src/sync/retry-work.js';
import { ReducerRows } from './reducer-rows.js';

interface Body {
  parent?: string;
  bad?: boolean;
}

/** Entity types, each with the one it depends on. */
const PARENT: Record<string, string | undefined> = { Subject: undefined, Enrolment: 'Subject', Visit: 'Enrolment' };

/**
 * A source and a destination in memory, with places at which a test may step in: what another
 * process does in between.
 */
export class RaceWorld {
  readonly rows = new ReducerRows();
  readonly source = new Map<string, SourceRecord | Unreadable>();
  /** `<entity type> <id>` → the version that was written last, or how it was taken away. */
  readonly destination = new Map<string, string>();
  readonly writes: string[] = [];
  /** What the destination refuses to remove. */
  readonly refuses = new Set<string>();
  /**
   * Awaited before each call of a system, e.g. `fetch Subject 1,2` or `write Subject 1`: to change
   * things, or to fail.
   */
  step: (call: string) => Promise<void> = async () => undefined;
  healthy = true;
  released = 0;
  readonly parts: Record<string, EntityTypeParts> = {};
  private readonly types: EntityTypeParts[] = [];
  readonly context: Context;

  constructor() {
    this.context = {
      signal: new AbortController().signal,
      http: { send: () => Promise.reject(new Error('no HTTP here')), close: () => undefined },
      log: silent,
    };
    for (const [name, parent] of Object.entries(PARENT)) {
      const above = parent === undefined ? undefined : this.parts[parent];
      const parts = this.partsOf(name, above);
      if (above) above.children[name] = parts;
      this.parts[name] = parts;
      this.types.push(parts);
    }
  }

  get work(): RetryWork {
    return {
      rows: this.rows,
      budget: new Budget(this.rows),
      expectHealthy: async () => {
        await this.step('health');
        if (!this.healthy) throw new Error('sick');
      },
      now: () => this.rows.now(),
      onReleased: (children) => void (this.released += children),
    };
  }

  of(entityType: string): EntityTypeParts {
    const parts = this.parts[entityType];
    if (!parts) throw new Error(entityType);
    return parts;
  }

  /** Puts a record into the source, in a version that is its stamp's second. */
  put(entityType: string, id: string, second: number, body: Body = {}): void {
    this.source.set(`${entityType} ${id}`, { id, version: `v${second}`, modified: stamp(second), voided: false, body });
  }

  /**
   * What a regular process does with a record as the source has it now: writes it, and tells its
   * row.
   */
  async regularWrites(entityType: string, id: string): Promise<void> {
    const record = this.source.get(`${entityType} ${id}`);
    if (!record || 'error' in record) throw new Error(`${id} is not there`);
    this.destination.set(`${entityType} ${id}`, record.version);
    await this.rows.inStep([{ entityType, id, version: record.version, stamp: record.modified }]);
  }

  /** A row that is open, since this version failed. */
  async fails(entityType: string, id: string, second: number, detail = 'detail'): Promise<void> {
    const error = this.of(entityType).classify({ code: 'MappingFailed', message: 'm', remedy: 'r', detail });
    await this.rows.record([{ kind: 'errored', entityType, id, version: `v${second}`, stamp: stamp(second), error }]);
  }

  async holds(entityType: string, id: string, second: number, on: { entityType: string; id: string }): Promise<void> {
    await this.rows.record([{ kind: 'held', entityType, id, version: `v${second}`, stamp: stamp(second), on }]);
  }

  private partsOf(name: string, parent: EntityTypeParts | undefined): EntityTypeParts {
    const definition: EntityTypeDefinition = {
      name,
      formerly: [],
      cadence: { every: 1 },
      dependsOn: parent ? { [parent.definition.name]: 'parent' } : {},
      parents: {},
      from: { system: 'a', settings: {} },
      to: { system: 'b', settings: {}, adopt: false, keys: {} },
      map: { main: 'x' },
      whenNoLonger: 'remove',
      whenVoided: 'remove',
      concepts: { in: ['observations'], unmapped: 'ignore', ignore: [] },
      whenParentMissing: 'bring',
    };
    return {
      integration: 'p',
      process: 'q',
      definition,
      source: this.sourceOf(name),
      destination: this.destinationOf(),
      mapping: {
        parentRefs: [],
        parentIds: async (body) => (parent ? { [parent.definition.name]: (body as Body).parent } : {}),
        accepts: async () => true,
        keys: async () => ({}),
        map: async (body) => {
          if ((body as Body).bad) throw new MappingFailed({ code: 'MappingFailed', message: 'm', remedy: 'r', detail: 'Asha Devi is odd' });
          return { resources: { main: {} }, unmapped: [] };
        },
      },
      types: this.types,
      parents: parent ? { [parent.definition.name]: parent } : {},
      children: {},
      classify: classifier([], 'retry'),
      errors: {
        cadence: { every: 1 },
        attempts: 20,
        backOff: { first: 1, longest: 1 },
        unclassified: 'retry',
        stopAfter: { consecutive: 25, share: 0.5, open: 5_000 },
      },
    };
  }

  private sourceOf(name: string): ChangeSource {
    const all = (): (SourceRecord | Unreadable)[] =>
      [...this.source].flatMap(([key, record]) => (key.startsWith(`${name} `) ? [record] : []));
    const { source } = this;
    const step = (call: string): Promise<void> => this.step(call);
    return {
      hasChanges: async () => true,
      async *changes(after, until) {
        await step(`changes ${name}`);
        const stampOf = (record: SourceRecord | Unreadable): string => ('error' in record ? record.stamp : record.modified);
        yield {
          records: all().filter((each) => stampOf(each) > (after?.at ?? '') && stampOf(each) <= until),
          bookmark: { v: 1, at: until },
        };
      },
      fetch: async (ids) => {
        await step(`fetch ${name} ${ids.join(',')}`);
        return new Map(
          ids.flatMap((id) => (source.has(`${name} ${id}`) ? [[id, source.get(`${name} ${id}`) as SourceRecord] as const] : [])),
        );
      },
      async *childrenOf(parent) {
        await step(`children of ${parent.entityType} ${parent.id}`);
        for (const record of all()) if (!('error' in record) && (record.body as Body).parent === parent.id) yield record;
      },
    };
  }

  private destinationOf(): Destination {
    const key = ({ origin }: WriteRequest): string => `${origin.entityType} ${origin.id}`;
    return {
      shape: (_name, body) => ({ type: 'T', body }),
      reference: ({ id }) => id,
      placeholder: (name) => name,
      find: async (refs) =>
        refs.map((ref) => {
          if (!('origin' in ref)) return [];
          const there = this.destination.get(`${ref.origin.entityType} ${ref.origin.id}`);
          return there === undefined || there === 'removed' ? [] : [{ type: 'T', id: ref.origin.id }];
        }),
      write: async (requests) => {
        await this.step(`write ${requests.map(key).join(', ')}`);
        return requests.map((request) => {
          const before = this.destination.get(key(request));
          if (request.action !== 'upsert' && this.refuses.has(key(request)))
            return { kind: 'refused', error: { code: 'StillReferenced', status: 409, message: 'm', remedy: 'r' } };
          if (request.action !== 'upsert' && before === undefined) return { kind: 'absent' };
          const after = request.action === 'upsert' ? request.version : 'removed';
          this.destination.set(key(request), after);
          this.writes.push(`${key(request)} ${after}`);
          return { kind: before === undefined ? 'created' : before === after ? 'unchanged' : 'updated', ids: { main: request.origin.id } };
        });
      },
    };
  }
}

export function stamp(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}
