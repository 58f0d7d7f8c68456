import type { Failing } from '../src/model/failing.js';
import type { EntityTypeDefinition } from '../src/definition/definition.js';
import { dependenciesOf } from '../src/definition/parents.js';
import { getOwn, setOwn } from '../src/model/keyed.js';
import type { Stop } from '../src/model/stop.js';
import type { OpenRecord } from '../src/temporal/rows/temporal-rows.js';
import { isTooMany } from '../workflows/allowance.js';
import type { RetryHeartbeat } from '../workflows/contracts.js';
import type { RetrySheet } from '../src/model/sheet.js';
import { awaits, isDue } from './known-rows.js';
import type { DueRow } from '../src/model/pass.js';

type State = Omit<RetryHeartbeat, 'v' | 'inHand'>;

/** A pass over errored records as one activity goes on with it. */
export class RetryPass {
  constructor(
    public state: State,
    readonly options: { openUpTo: number | undefined; ends: number },
  ) {}

  /** Whether the pass is done with a type: it has got to a later one. */
  isBehind(entityType: string, types: readonly { name: string }[]): boolean {
    const at = types.findIndex(({ name }) => name === this.state.pass.place?.entityType);
    return types.findIndex(({ name }) => name === entityType) < at;
  }

  /** The rows of a type that are still to be tried, oldest first. */
  due(type: Pick<EntityTypeDefinition, 'name' | 'dependsOn' | 'parents'>, open: OpenRecord[], digest: string): DueRow[] {
    const { name: entityType } = type;
    const { began, all, place, sheets } = this.state.pass;
    const parentsCame = this.state.pass.parentsCame ?? dependenciesOf(type).some((name) => (getOwn(sheets, name)?.healed ?? 0) > 0);
    const isTried = (row: OpenRecord): boolean =>
      isDue(row, digest, began) || (row.state !== 'ignored' && row.retryAt !== undefined && (all === true || (parentsCame && awaits(row))));
    const after = place?.entityType === entityType ? place.after : undefined;
    return open
      .filter((row) => row.entityType === entityType && isTried(row))
      .map(({ id, firstFailedAt }) => ({ id, firstFailedAt }))
      .sort(inOrder)
      .filter((row) => after === undefined || inOrder(row, after) > 0);
  }

  begin(entityType: string): void {
    const { pass } = this.state;
    if (pass.place?.entityType !== entityType) this.state = { ...this.state, pass: { ...pass, place: { entityType } } };
  }

  /** So far, up to `after`. */
  tried(entityType: string, after: DueRow | undefined, sheet: RetrySheet, failing: Failing | undefined): void {
    const { pass } = this.state;
    const sheets = { ...pass.sheets };
    setOwn(sheets, entityType, sheet);
    const all = { ...this.state.failing };
    if (failing) setOwn(all, entityType, failing);
    const place = after ? { entityType, after } : pass.place;
    this.state = { ...this.state, pass: { ...pass, sheets, ...(place ? { place } : {}) }, failing: all };
  }

  stop(entityType: string, stop: Stop): void {
    const stopped = { ...this.state.stopped };
    setOwn(stopped, entityType, stop);
    this.state = { ...this.state, stopped };
  }

  /**
   * Whether what depends on a type is left: where too many children failed, all rows of the type
   * itself were tried.
   */
  keeps(entityType: string): boolean {
    const stop = getOwn(this.state.stopped, entityType);
    return stop !== undefined && !isTooMany(stop);
  }

  end(): void {
    const { place: _place, ...pass } = this.state.pass;
    this.state = { ...this.state, pass };
  }
}

function inOrder(a: DueRow, b: DueRow): number {
  if (a.firstFailedAt !== b.firstFailedAt) return a.firstFailedAt < b.firstFailedAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
