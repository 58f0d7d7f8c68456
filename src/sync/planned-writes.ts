import type { Found, PlannedOutcome, Ref, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { getOwn } from '../model/keyed.js';
import { keyOf } from '../model/record-key.js';

/** A write that was worked out and not sent. */
export interface PlannedWrite {
  entityType: string;
  id: string;
  action: WriteRequest['action'];
  /** What it would come to. */
  outcome: PlannedOutcome;
  /** The resources that would be written, and their ids where they are known. */
  resources: { name: string; type: string; id?: string; shared?: true; body: unknown }[];
}

/** What would be found in a destination that is not there now, or would not be found any more. */
type Changed = 'removed' | 'marked' | { name: string; found: Found }[];

/**
 * What a run without writing would have written so far, whichever destination it belongs to.
 * `onPlanned` is told of each write; what is kept is who would come to be there, and who would go.
 */
export class PlannedWrites {
  private readonly changed = new Map<string, Changed>();
  /** In which state each record was last planned to be written, and how. */
  private readonly written = new Map<string, string>();

  constructor(private readonly onPlanned: (write: PlannedWrite) => void) {}

  /** What a write comes to that was planned before in the very same state; undefined for others. */
  again({ origin, action, version }: WriteRequest): PlannedOutcome | undefined {
    if (this.written.get(keyOf(origin)) !== stateOf(action, version)) return undefined;
    return action === 'remove' ? { kind: 'absent' } : { kind: 'unchanged', ids: {} };
  }

  note({ origin: { entityType, id }, action, version, resources: requested }: WriteRequest, outcome: PlannedOutcome): void {
    const resources = requested.map(({ name, type, body, shared }) => {
      const known = 'ids' in outcome ? getOwn(outcome.ids, name) : undefined;
      return { name, type, ...(known !== undefined ? { id: known } : {}), ...(shared ? { shared } : {}), body };
    });
    const changed = changedBy(action, outcome, resources);
    if (changed) this.changed.set(keyOf({ entityType, id }), changed);
    if (outcome.kind !== 'unchanged' && outcome.kind !== 'absent') this.written.set(keyOf({ entityType, id }), stateOf(action, version));
    this.onPlanned({ entityType, id, action, outcome, resources });
  }

  /** What would be found by now, where `found` is what is there. */
  after(ref: Ref, found: Found[] | RecordError): Found[] | RecordError {
    if ('code' in found) return found;
    const changed = 'origin' in ref ? this.changed.get(keyOf(ref.origin)) : undefined;
    if (changed === undefined || !('origin' in ref)) return found;
    if (changed === 'removed') return [];
    if (changed === 'marked') return found.map((each) => ({ ...each, removed: true }));
    return changed.flatMap((each) => (each.name === (ref.name ?? 'main') ? [each.found] : []));
  }
}

function stateOf(action: WriteRequest['action'], version: string): string {
  return `${action} ${version}`;
}

function changedBy(action: WriteRequest['action'], outcome: WriteOutcome, resources: PlannedWrite['resources']): Changed | undefined {
  if (outcome.kind === 'removed') return 'removed';
  if (action === 'mark') return outcome.kind === 'absent' ? undefined : 'marked';
  if (outcome.kind !== 'created' && !('revived' in outcome)) return undefined;
  return resources.map(({ name, type, id = 'planned' }) => ({ name, found: { type, id } }));
}
