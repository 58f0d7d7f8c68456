import { isObject } from '../model/is-object.js';
import { getOwn, setOwn } from '../model/keyed.js';

/**
 * Groups of concepts within groups that are looked into: a form has them one in another, not many.
 * What lies deeper counts as read with its group.
 */
const DEEPEST = 20;

/**
 * Notices which concepts of a record an expression reads, through proxies around the members that
 * hold them, groups of concepts included: of one that repeats, what is read of any of its rows.
 */
export class ReadConcepts {
  /** The record, for the expressions to read. */
  readonly watched: unknown;
  private readonly read: Set<string>;

  /** `members`: those of the record that hold concepts. `known`: concepts that count as read. */
  constructor(
    private readonly body: unknown,
    private readonly members: readonly string[],
    known: Iterable<string> = [],
  ) {
    this.read = new Set(known);
    if (typeof body !== 'object' || body === null) {
      this.watched = body;
      return;
    }
    const watched: Record<string, unknown> = { ...body };
    for (const member of members) {
      const held = getOwn(watched, member);
      if (isObject(held)) setOwn(watched, member, this.watch(held, '', 1));
    }
    this.watched = watched;
  }

  /** Concepts with a value that nothing read; one of a group as `Group » Concept`. */
  unread(): string[] {
    const { body } = this;
    if (!isObject(body)) return [];
    const found = this.members.flatMap((member) => this.unreadIn(getOwn(body, member), '', 1));
    return [...new Set(found)];
  }

  private unreadIn(group: unknown, prefix: string, depth: number): string[] {
    if (Array.isArray(group)) return group.flatMap((row) => this.unreadIn(row, prefix, depth));
    if (!isObject(group)) return [];
    return Object.entries(group).flatMap(([name, value]) => {
      const concept = prefix + name;
      if (empty(value)) return [];
      if (!this.read.has(concept)) return [concept];
      return depth < DEEPEST ? this.unreadIn(value, `${concept} » `, depth + 1) : [];
    });
  }

  private watch(group: Record<string, unknown>, prefix: string, depth: number): unknown {
    return new Proxy(group, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== 'string' || !Object.hasOwn(target, name)) return value;
        this.read.add(prefix + name);
        const watched = (each: unknown): unknown => (isObject(each) ? this.watch(each, `${prefix}${name} » `, depth + 1) : each);
        if (depth >= DEEPEST) return value;
        return Array.isArray(value) && value.some(isObject) ? value.map(watched) : watched(value);
      },
    });
  }
}

/** Whether it has members by name: no list, no null. */
function empty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
