import { createHash } from 'node:crypto';
import type { Key } from '../../connectors/connector.js';
import { codesNamed } from '../../definition/checks/codes-named.js';
import type { CodeTable } from '../../definition/definition.js';
import { getOwn } from '../../model/keyed.js';
import { parentExpressions } from '../../definition/parents.js';
import type { RecordError } from '../../errors/record-error.js';
import { Cancelled } from '../../errors/system-failure.js';
import { eachTexts } from '../each-texts.js';
import { functionsCalled } from '../functions-called.js';
import { anyItemName } from '../item-name.js';
import { MappingFailed, type Mapped, type Mapping, type MappingDefinition, type MappingScope } from '../mapping.js';
import { parentRefsOf } from '../parent-refs.js';
import { tablesTooLarge, tooMuch } from '../too-much.js';
import { apart, itemsOf, type Call, type Group } from './calls.js';
import type { Died, Lane, Ran } from './lane.js';
import { LocalMapping } from './local-mapping.js';
import type { MapItem, MappingSpec, MapResult, MapTask } from './messages.js';
import type { TurnTime } from './turn-time.js';

/** Milliseconds of work after which a thread turns to what others wait for. */
const SLICE = 100;
/**
 * Milliseconds below which all records of a task must stay to go on on the first lane, and on the
 * second.
 */
const QUICK = [100, 600];

/** What a mapping is made of: two of one digest are the same. */
interface Compilable {
  digest: string;
  /** What threads keep by digest: the expressions, and the tables that they may name. */
  kept: ReadonlyMap<string, MappingSpec | CodeTable>;
  namesItsTables: boolean;
}

/** The expressions of an entity type with the code tables that they may name. */
export function specOf(
  { dependsOn, parents, map, each, shared, when, whenKeyMissing, concepts, to, functions = {} }: MappingDefinition,
  codes: Record<string, CodeTable>,
): Compilable {
  const definition = {
    ...{ dependsOn, parents, map, concepts, functions, to: { keys: to.keys } },
    ...(each ? { each } : {}),
    ...(shared ? { shared } : {}),
    ...(when !== undefined ? { when } : {}),
    ...(whenKeyMissing !== undefined ? { whenKeyMissing } : {}),
  };
  const texts = [
    ...parentExpressions(definition).map(({ text }) => text),
    ...Object.values(map),
    ...eachTexts(definition),
    ...(when !== undefined ? [when] : []),
    ...Object.values(to.keys).map(({ value }) => value),
  ];
  const used = codesNamed([...texts, ...Object.values(functionsCalled(texts, functions))]);
  const tables = Object.entries(codes)
    .filter(([name]) => used?.includes(name) ?? true)
    .map(([name, table]) => [name, digestOf(table), table] as const);
  const spec: MappingSpec = { definition, tables: tables.map(([name, digest]) => [name, digest]) };
  const digest = digestOf(spec);
  const kept = new Map<string, MappingSpec | CodeTable>([
    [digest, spec],
    ...tables.map(([, tableDigest, table]): [string, CodeTable] => [tableDigest, table]),
  ]);
  return { digest, kept, namesItsTables: used !== undefined };
}

/**
 * A mapping whose calls run on threads, but for those that surely take a moment: those of one turn
 * of the event loop, such as a page's, go together.
 */
export class ThreadedMapping implements Mapping {
  readonly parentRefs: Mapping['parentRefs'];
  private readonly digest: string;
  /** What threads keep by digest. */
  private readonly kept: ReadonlyMap<string, MappingSpec | CodeTable>;
  private readonly local: LocalMapping | undefined;
  private readonly collecting = new Map<AbortSignal, Call[]>();
  /**
   * Place of the lane that its records go to: the one behind the last that a record held up, until
   * they are quick again.
   */
  private lane = 0;

  constructor(
    private readonly definition: MappingDefinition,
    codes: Record<string, CodeTable>,
    { digest, kept, namesItsTables }: Compilable,
    private readonly lanes: readonly Lane[],
    turn: TurnTime,
  ) {
    this.digest = digest;
    this.kept = kept;
    this.parentRefs = parentRefsOf(Object.values(definition.map), definition.functions ?? {});
    // What names its tables by an expression may need more of them than memory is given for.
    this.local = namesItsTables ? LocalMapping.of(definition, codes, turn) : undefined;
  }

  async accepts(body: unknown, signal = NEVER): Promise<boolean> {
    const { when, whenKeyMissing } = this.definition;
    if (when === undefined && whenKeyMissing !== 'filter') return true;
    return this.call<boolean>({ work: 'accepts' }, body, signal);
  }

  async parentIds(body: unknown, signal = NEVER): Promise<Record<string, string | undefined>> {
    const names = parentExpressions(this.definition).map(({ name }) => name);
    if (names.length === 0) return {};
    const given = new Map(Object.entries(await this.call<Record<string, string>>({ work: 'parentIds' }, body, signal)));
    // JSON has left out those that are undefined.
    return Object.fromEntries(names.map((name) => [name, given.get(name)]));
  }

  async keys(body: unknown, signal = NEVER): Promise<Record<string, Key>> {
    return Object.keys(this.definition.to.keys).length === 0 ? {} : this.call({ work: 'keys' }, body, signal);
  }

  map(body: unknown, scope: MappingScope, signal = NEVER): Promise<Mapped> {
    const wanted: Mapping['parentRefs'] = [
      ...this.parentRefs,
      ...[this.definition.dependsOn, this.definition.parents].flatMap(Object.keys).map((entityType) => ({ entityType })),
    ];
    const parents = wanted.map((ref) => ({ ...ref, reference: scope.parent(ref.entityType, ref.name) }));
    const refs = Object.keys(this.definition.map).map((name) => {
      const own = getOwn(this.definition.each, name) ? anyItemName(name) : name;
      return { name, reference: scope.ref(own) };
    });
    return this.call({ work: 'map', scope: { parents, refs } }, body, signal);
  }

  /** @throws MappingFailed, Cancelled */
  private async call<T>(item: Omit<MapItem, 'body'>, body: unknown, signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw new Cancelled('Cancelled before a record was mapped');
    const given = await this.local?.work(item, body);
    return given ? (given.value as T) : this.callThread(item, body, signal);
  }

  /** @throws MappingFailed, Cancelled */
  private callThread<T>(item: Omit<MapItem, 'body'>, body: unknown, signal: AbortSignal): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      const call = { item: { ...item, body: 0 }, body: jsonOf(body), resolve, reject };
      const others = this.collecting.get(signal);
      if (others) return void others.push(call);
      const calls = [call];
      this.collecting.set(signal, calls);
      setImmediate(() => {
        this.collecting.delete(signal);
        void this.work([{ calls }], signal);
      });
    }) as Promise<T>;
  }

  /** Answers every call of some groups. Never throws. */
  private async work(groups: Group[], signal: AbortSignal): Promise<void> {
    let rest = groups;
    for (let group = rest.shift(); group; group = rest.shift()) {
      try {
        rest = [...(await this.step(group, signal)), ...rest];
      } catch (error) {
        for (const { calls } of [group, ...rest]) for (const { reject } of calls) reject(error);
        return;
      }
    }
  }

  /**
   * Has the first calls of a group answered, or the one set apart that its thread died of. @returns
   * what is left of it. @throws Cancelled, MappingFailed, Error
   */
  private async step(group: Group, signal: AbortSignal): Promise<Group[]> {
    const { calls } = group;
    const last = this.lanes.length - 1;
    const lane = Math.max(this.lane, group.alone ?? 0);
    const ran = await this.run(calls, lane, signal);
    if ('cancelled' in ran) throw new Cancelled('Cancelled while a record was mapped');
    if ('answer' in ran && 'results' in ran.answer) {
      const { results, slowest } = ran.answer;
      const enough = QUICK.findIndex((most) => slowest < most);
      if (enough !== -1) this.lane = Math.min(this.lane, enough);
      results.forEach((text, place) => settle(calls[place], text));
      return calls.length > results.length ? [{ calls: calls.slice(results.length) }] : [];
    }
    if ('died' in ran && ran.died === 'too large' && ran.at === undefined) throw tablesTooLarge();
    if (!('died' in ran) || ran.at === undefined) throw new Error('The threads for mappings do not start', { cause: ran });
    const next = Math.min(lane + 1, last);
    if (ran.died === 'too long') this.lane = Math.max(this.lane, next);
    // Nothing but the record itself took all the time of the last lane; memory may have been taken
    // up by others too.
    const isSure = ran.died === 'too long' ? lane === last : calls.length === 1;
    if (!isSure) return apart(group, ran.at, next);
    calls[ran.at]?.reject(failureOf(ran));
    return apart(group, ran.at, next).filter(({ alone }) => alone === undefined);
  }

  private async run(calls: Call[], lane: number, signal: AbortSignal): Promise<Ran> {
    const task = { mapping: this.digest, ...itemsOf(calls), slice: SLICE };
    const kept: MapTask['kept'] = new Map();
    const on = this.lanes[lane];
    if (!on) throw new Error(`No lane ${lane}`);
    for (;;) {
      const inHand = new Int32Array(new SharedArrayBuffer(4));
      const ran = await on.run({ ...task, kept, inHand }, signal);
      if (!('answer' in ran) || !('lacks' in ran.answer)) return ran;
      for (const digest of ran.answer.lacks) {
        const part = this.kept.get(digest);
        if (part) kept.set(digest, part);
      }
    }
  }
}

/** For calls that nobody cancels. */
const NEVER = new AbortController().signal;

const digests = new WeakMap<object, string>();

function digestOf(value: object): string {
  const known = digests.get(value);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(value)).digest('hex');
  digests.set(value, digest);
  return digest;
}

/** A record is asked about several times: whether it is let through, its parents, its resources. */
const written = new WeakMap<object, string>();

/** @throws MappingFailed where the record is nested too deeply to be written. */
function jsonOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return JSON.stringify(body) ?? 'null';
  try {
    const text = written.get(body) ?? JSON.stringify(body);
    written.set(body, text);
    return text;
  } catch (error) {
    throw error instanceof RangeError ? tooMuch('MappingTooLong') : error;
  }
}

function settle(call: Call | undefined, text: string): void {
  const result = JSON.parse(text) as MapResult;
  if ('error' in result) call?.reject(new MappingFailed(result.error as RecordError));
  else call?.resolve(result.value);
}

/** Time and memory are the record's; a thread that ends in another way has a defect of ours. */
function failureOf({ died, cause }: Died): Error {
  if (died === 'otherwise') return new Error('A thread for mappings failed on a record', { cause });
  return tooMuch(died === 'too long' ? 'MappingTooLong' : 'MappingTooLarge');
}
