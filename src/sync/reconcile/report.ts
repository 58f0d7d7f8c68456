import type { SourceRecord, Unreadable } from '../../connectors/connector.js';
import type { Instant } from '../../model/instant.js';
import { NoteTaker } from '../plan-notes.js';
import { maskFor } from '../../mapping/mask.js';
import { stampOf } from '../failures-of.js';
import { idsOf } from '../masked-write.js';
import type { EntityTypeParts } from '../parts.js';
import type { Judged } from './judge.js';
import { Reasons } from './reasons.js';
import type { FoundRecord, TypeReconciliation } from './reconciliation.js';
import { isRepairable } from './standing.js';
import { plusOne, Tally, type Counted, type Counts } from './tally.js';

/** Records of a process that are told of by their ids: what an answer can hold, and memory. */
export const MAX_FOUND = 5_000;
/** Month, and place, of what the source has no more. */
const NOT_THERE = '(not in the source)';
const NO_PLACE = '(no place)';

/** What is told of one type: it grows with neither records nor differences beyond its bounds. */
export class Report {
  /** How many records were read. */
  read = 0;
  private readonly counts: Counts = {};
  private readonly months = new Tally();
  private readonly places = new Tally();
  private readonly found: FoundRecord[] = [];
  private more = false;
  private readonly notes: NoteTaker;
  private readonly reasons = new Reasons();

  constructor(
    private readonly parts: EntityTypeParts,
    showValues: boolean,
    private readonly mostFound = MAX_FOUND,
  ) {
    this.notes = new NoteTaker((write) => (showValues ? undefined : maskFor(parts.definition, [write.id, idsOf([write], parts)])));
  }

  /** Counts a record. `record`: absent where the source has none. */
  add({ id, standing, write, error }: Judged, record?: SourceRecord | Unreadable): void {
    this.count(standing, record);
    if (error && standing === 'failing') this.reasons.add(id, error);
    if (!isRepairable(standing)) return;
    if (write) this.notes.take(write);
    if (this.found.length < this.mostFound) this.found.push({ id, standing });
    else this.more = true;
  }

  /** One that changed while it was looked at: nothing is said of it. */
  addChanged(record: SourceRecord | Unreadable): void {
    this.count('changed', record);
  }

  /** Whether anything of the type is there, as it should be or otherwise. */
  get isAnythingThere(): boolean {
    const { inStep = 0, different = 0, doubled = 0 } = this.counts;
    return inStep + different + doubled > 0;
  }

  /** All of it; `until`: how far the source was read, where that is known. */
  told(until: Instant | undefined): Omit<TypeReconciliation, 'entityType'> {
    const { elements, samples } = this.notes.notes;
    return {
      ...(until === undefined ? {} : { until }),
      ...{ read: this.read, counts: this.counts, byMonth: this.months.counts, byPlace: this.places.counts },
      ...{ elements, samples, found: this.found, failures: this.reasons.failures },
      ...(this.more ? { more: true as const } : {}),
    };
  }

  private count(counted: Counted, record: SourceRecord | Unreadable | undefined): void {
    plusOne(this.counts, counted);
    const { source } = this.parts;
    this.months.add(record ? monthOf(record) : NOT_THERE, counted);
    if (source.placeOf) this.places.add(record ? placeIn(record, source) : NOT_THERE, counted);
  }
}

function monthOf(record: SourceRecord | Unreadable): string {
  return ('error' in record ? stampOf(record) : (record.created ?? record.modified)).slice(0, 'yyyy-mm'.length);
}

function placeIn(record: SourceRecord | Unreadable, source: EntityTypeParts['source']): string {
  return ('error' in record ? undefined : source.placeOf?.(record)) ?? NO_PLACE;
}
