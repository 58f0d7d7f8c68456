import type { Mask } from '../mapping/mask.js';
import { maskedWrite } from './masked-write.js';
import type { PlannedWrite } from './planned-writes.js';

/** Writes of each kind that are shown. */
const MAX_SAMPLES = 3;
/** Elements that are told by name; others count together. */
const MAX_ELEMENTS = 100;
const OTHERS = '(others)';

/** What is kept of the writes that are planned for records of one type. */
export interface PlanNotes {
  /** Of records that would be updated: in so many of them this element would change. */
  elements: Record<string, number>;
  /** Some of those that would be created, updated and removed. */
  samples: PlannedWrite[];
  /** Records of which anything would be sent. */
  sent: number;
}

/** Takes down writes one after another, without keeping them. */
export class NoteTaker {
  private readonly elements = new Map<string, number>();
  private readonly samples = new Map<string, PlannedWrite[]>();
  private sent = 0;

  /** `maskOf`: by which a sample is masked; undefined where values are shown. */
  constructor(private readonly maskOf: (write: PlannedWrite) => Mask | undefined) {}

  take(write: PlannedWrite): void {
    const { kind, changes = [] } = write.outcome;
    if (kind === 'unchanged' || kind === 'absent') return;
    this.sent += 1;
    const paths = changes.flatMap(({ what, elements }) =>
      what === 'update' ? elements.map(({ path }) => path.replace(/\[\d+\]/g, '')) : [],
    );
    for (const path of new Set(paths)) this.count(path);
    const known = this.samples.get(kind) ?? [];
    this.samples.set(kind, known);
    if (known.length >= MAX_SAMPLES) return;
    const mask = this.maskOf(write);
    known.push(mask ? maskedWrite(write, mask) : write);
  }

  get notes(): PlanNotes {
    return { elements: Object.fromEntries(this.elements), samples: [...this.samples.values()].flat(), sent: this.sent };
  }

  private count(path: string): void {
    const name = this.elements.has(path) || this.elements.size < MAX_ELEMENTS ? path : OTHERS;
    this.elements.set(name, (this.elements.get(name) ?? 0) + 1);
  }
}
