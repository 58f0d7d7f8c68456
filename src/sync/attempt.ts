import type { ParentFate } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import type { InStep, WaitingChild } from './rows.js';

/** A record that came to be in the destination after types that depend on it had gone by. */
export interface Arrived {
  parts: EntityTypeParts;
  /** The state in which it arrived. */
  state: InStep;
  /** The types that may have gone by, in the order they are synced. */
  children: string[];
}

/** As many as a row lists. */
const MOST_WAITING = 2_000;

/** What is known while one page, or one record, is carried with all that belongs to it, so that nothing is fetched or tried twice in it. */
export class Attempt {
  readonly arrived: Arrived[] = [];

  constructor(
    /** Records that are not in the destination after all was tried, and why. */
    readonly fates: Map<string, ParentFate> = new Map(),
    /** The records that are carried for their own sake: nothing else carries them. */
    readonly given: ReadonlySet<string> = new Set(),
    /** Records that were found to have no children of a type: those need not be listed again. */
    private readonly childless: Set<string> = new Set(),
    private readonly waiting: Map<string, Map<string, WaitingChild>> = new Map(),
  ) {}

  /** The same attempt, with arrivals of its own. */
  apart(): Attempt {
    return new Attempt(this.fates, this.given, this.childless, this.waiting);
  }

  fate(entityType: string, id: string): ParentFate | undefined {
    return this.fates.get(keyOf(entityType, id));
  }

  setFate(entityType: string, id: string, fate: ParentFate): void {
    this.fates.set(keyOf(entityType, id), fate);
  }

  /** These children were made to wait on a record that is about to arrive, or to go. */
  setWaiting(entityType: string, id: string, children: WaitingChild[]): void {
    const key = keyOf(entityType, id);
    const known = this.waiting.get(key) ?? new Map<string, WaitingChild>();
    this.waiting.set(key, known);
    // Of a larger family the row keeps no list either.
    for (const child of children) if (known.size < MOST_WAITING) known.set(keyOf(child.entityType, child.id), child);
  }

  isWaiting(entityType: string, id: string, child: WaitingChild): boolean {
    return this.waiting.get(keyOf(entityType, id))?.get(keyOf(child.entityType, child.id))?.version === child.version;
  }

  /** Those that were made to wait, once they need not any more. Forgets them. */
  takeWaiting(entityType: string, id: string): WaitingChild[] | undefined {
    const key = keyOf(entityType, id);
    const children = this.waiting.get(key);
    this.waiting.delete(key);
    return children && [...children.values()];
  }

  setChildless(entityType: string, id: string, child: string): void {
    this.childless.add(`${keyOf(entityType, id)}\0${child}`);
  }

  isChildless(entityType: string, id: string, child: string): boolean {
    return this.childless.has(`${keyOf(entityType, id)}\0${child}`);
  }

  isGiven(entityType: string, id: string): boolean {
    return this.given.has(keyOf(entityType, id));
  }
}

export function keyOf(entityType: string, id: string): string {
  return `${entityType}\0${id}`;
}
