import type { Arriving, Context, Destination, Found, LookUp, Ref, WriteOutcome, WriteRequest } from '../../../src/connectors/connector.js';
import type { RecordError } from '../../../src/errors/record-error.js';
import type { At } from './fake-source.js';

export interface Stored {
  version: string;
  marked: boolean;
  /** References to parents: `type id`. */
  parents: string[];
}

const refusal: RecordError = { code: 'Refused', message: 'It is refused.', remedy: 'Correct it.' };
const broken: RecordError = { code: 'Refused', message: 'It cannot be looked at.', remedy: 'Correct it there.', status: 500 };
const gone: RecordError = { code: 'ParentVoided', message: 'It is voided.', remedy: 'Un-void it.' };
const conflict: RecordError = { code: 'Referenced', message: 'It is referenced.', remedy: 'Remove what refers to it.' };

/**
 * A strict destination: it refuses to remove what is referenced, and notes each write that leaves a
 * record without its parent.
 */
export class FakeDestination implements Destination {
  readonly stored = new Map<string, Stored>();
  /** By `type id`: refused whenever it is written. */
  readonly refusing = new Set<string>();
  /** By `type id`: it fails on them where they are looked for. */
  readonly unseen = new Set<string>();
  /** Ids of what others own: not valid any more. */
  readonly voided = new Set<string>();
  /** By `type id`: changed by others since it was written. */
  readonly edited = new Set<string>();
  /** Every request that arrived, e.g. `upsert A a1`. */
  readonly log: string[] = [];
  /** Calls, e.g. `find 3`. */
  readonly calls: string[] = [];
  readonly violations: string[] = [];
  /** What others wrote, by how it is looked up: `settings=value@of`. */
  readonly sources = new Set<string>();
  readonly others = new Map<string, Found[] | RecordError>();
  /** Requests whose answer is lost though they are carried out, so many times. */
  losing = 0;
  /** Whether a marked parent is good enough: it is where nothing is brought over. */
  lenient = false;

  constructor(readonly at: At = async () => undefined) {}

  shape(_name: string, mapped: unknown): { type: string; body: unknown } {
    return { type: 'R', body: mapped };
  }

  reference(found: Found): unknown {
    return found.id;
  }

  placeholder(name: string): unknown {
    return name;
  }

  async find(refs: Ref[], _c: Context): Promise<(Found[] | RecordError)[]> {
    this.calls.push(`find ${refs.length}`);
    await this.at('find');
    return refs.map((ref) => {
      const key = 'origin' in ref ? `${ref.origin.entityType} ${ref.origin.id}` : '';
      if (this.unseen.has(key)) return broken;
      const stored = this.stored.get(key);
      return stored ? [{ type: 'R', id: key, ...(stored.marked ? { removed: true } : {}) }] : [];
    });
  }

  async lookUp(questions: LookUp[], _c: Context): Promise<(Found[] | RecordError)[]> {
    this.calls.push(`look up ${questions.map((each) => this.named(each)).join(' ')}`);
    await this.at('look up');
    return questions.map((each) => this.others.get(this.named(each)) ?? []);
  }

  private named({ settings, value = '', of }: LookUp): string {
    return `${String(settings)}=${value}${of === undefined ? '' : `@${of}`}`;
  }

  async write(requests: WriteRequest[], _c: Context, arriving?: Arriving): Promise<WriteOutcome[]> {
    this.calls.push(`write ${requests.length}`);
    await this.at('write');
    const arrive = requests.filter((request) => request.action === 'upsert' && (this.stored.get(keyOf(request))?.marked ?? true));
    if (arrive.length > 0) await arriving?.(arrive);
    const outcomes: WriteOutcome[] = [];
    for (const request of requests) {
      await this.at('write one');
      const outcome = this.take(request);
      this.losing -= 1;
      outcomes.push(this.losing >= 0 ? { kind: 'unknown' } : outcome);
    }
    return outcomes;
  }

  /** Ids of what others wrote, or were the origin of what is referred to. */
  get ids(): Set<string> {
    return new Set([...[...this.others.values()].flatMap((each) => ('code' in each ? [] : each.map(({ id }) => id))), ...this.sources]);
  }

  private take(request: WriteRequest): WriteOutcome {
    const key = keyOf(request);
    this.log.push(`${request.action} ${key}`);
    if (this.refusing.has(key)) return { kind: 'refused', error: refusal };
    const known = this.stored.get(key);
    if (request.action === 'upsert') return this.upsert(key, request, known);
    if (!known) return { kind: 'absent' };
    const children = [...this.stored].filter(([, { parents }]) => parents.includes(key));
    if (request.action === 'remove') {
      if (children.length > 0) return { kind: 'refused', error: conflict };
      this.stored.delete(key);
      return { kind: 'removed', ids: {} };
    }
    if (known.marked) return { kind: 'unchanged', ids: {} };
    for (const [child, { marked }] of children) if (!marked) this.violations.push(`${key} was marked before ${child}`);
    this.stored.set(key, { ...known, marked: true });
    return { kind: 'updated', ids: {} };
  }

  private upsert(key: string, request: WriteRequest, known: Stored | undefined): WriteOutcome {
    const { parents } = request.resources[0]?.body as { parents: string[] };
    if (!known && parents.some((each) => this.voided.has(each))) return { kind: 'refused', error: gone, parentGone: true };
    for (const parent of parents) {
      const there = this.stored.get(parent);
      if (!this.ids.has(parent) && (!there || (there.marked && !this.lenient)))
        this.violations.push(`${key} was written without ${parent}`);
    }
    if (this.edited.has(key) && request.whenEdited === 'hold') return { kind: 'refused', error: { ...refusal, code: 'EditedElsewhere' } };
    this.stored.set(key, { version: request.version, marked: false, parents });
    if (this.edited.delete(key)) return { kind: 'updated', ids: {}, edited: {} };
    if (!known) return { kind: 'created', ids: {} };
    if (known.version === request.version && !known.marked) return { kind: 'unchanged', ids: {} };
    return { kind: 'updated', ids: {}, ...(known.marked ? { revived: true } : {}) };
  }
}

function keyOf({ origin }: WriteRequest): string {
  return `${origin.entityType} ${origin.id}`;
}
