import type { RecordError } from '../../errors/record-error.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { DestinationOptions, Edit, WriteOutcome, WriteRequest, WriteResource } from '../connector.js';
import { editedElsewhere } from '../edited-elsewhere.js';
import { checkParent, refusedBy } from './check-parent.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { externalIdOf, unusableKey } from './external-id.js';
import { findByMark } from './find-by-mark.js';
import type { KeysWritten } from './keys-written.js';
import { markIn, originMarks, withMark } from './origin-mark.js';
import { planRecord } from './plan-record.js';
import { planRemoval } from './plan-removal.js';
import { changedMeanwhile, invalidField, keyNotKnown, voidedByOthers } from './record-errors.js';
import { sendRecord, type Asking, type Sent } from './send-record.js';
import type { Call, Sending } from './sending.js';
import type { AvniSession } from './session.js';
import { lookUpRecord, type Body, type StoredRecord } from './stored-record.js';
import { belongsTo, groupOf } from './wanted-record.js';
import { editOf, heldByOther, isOurs, otherHolder, placeOf, strangeness } from './whose-record.js';
import { written } from './write-fields.js';

/** Times that a record which somebody else changes is looked at anew. */
const MOST_LOOKS = 3;

/** What becomes of one resource. */
interface Work {
  name: string;
  externalId: string;
  stored: StoredRecord | undefined;
  /** Of one with a key: the record that has it. */
  claim: { mark: string; entityType: string } | undefined;
  kind: 'created' | 'updated' | 'removed' | 'unchanged' | 'absent';
  sending?: Sending;
  /** To be sent where the first is refused by a defect of the server. */
  instead?: Sending;
  revived?: true;
  adopted?: true;
  edited?: Edit;
}

/** A request, worked out. */
export interface Planned {
  request: WriteRequest;
  works: Work[];
  /** What it will come to. */
  outcome: WriteOutcome;
  arrives: boolean;
}

/** Works out and brings about what single records come to. */
export class RecordWriter {
  constructor(
    private readonly session: AvniSession,
    private readonly target: Target,
    private readonly keys: KeysWritten,
    private readonly options: DestinationOptions,
  ) {}

  /** @throws SystemFailure, Cancelled */
  async plan(request: WriteRequest, call: Call): Promise<Planned> {
    const works: Work[] = [];
    for (const name of this.namesOf(request)) {
      const work = await this.planOne(name, request, call);
      if (work && 'code' in work) return { request, works: [], outcome: refusedBy(work), arrives: false };
      if (work) works.push(work);
    }
    const arrives = works.some(({ kind, revived }) => kind === 'created' || revived === true);
    return { request, works, outcome: outcomeOf(works, request), arrives };
  }

  /**
   * Sends what was planned; a record that changed meanwhile is planned anew. @throws SystemFailure
   * where there is no answer, Cancelled
   */
  async write(planned: Planned, call: Call): Promise<WriteOutcome> {
    let current = planned;
    for (let look = 1; ; look += 1) {
      const result = await this.send(current, call);
      if (!('conflict' in result)) return result.outcome;
      if (look === MOST_LOOKS) return { kind: 'refused', error: result.conflict };
      const { recent: _old, ...now } = call;
      current = await this.plan(planned.request, now);
    }
  }

  private async send({ works, outcome }: Planned, call: Call): Promise<{ outcome: WriteOutcome } | { conflict: RecordError }> {
    const ids: Record<string, string> = {};
    for (const work of works) {
      const { name, sending, stored, externalId } = work;
      if (!sending) {
        if (stored) setOwn(ids, name, stored.id);
        continue;
      }
      const sent = await this.sendOne(work, sending, call);
      if (!('record' in sent)) return sent;
      setOwn(ids, name, sent.record.id);
      call.written?.(externalId, sent.record);
      if (work.kind !== 'removed') this.noteKey(work, sent.record.id);
      else if (work.claim) this.keys.release(work.claim.mark, placeOf(sent.record.id, work.claim.entityType, this.target));
    }
    return { outcome: 'ids' in outcome ? { ...outcome, ids } : outcome };
  }

  private async sendOne({ stored, externalId, instead }: Work, sending: Sending, call: Call): Promise<Sent> {
    const { isHealthy, c } = call;
    const { kind } = this.target;
    const asking: Asking = { session: this.session, endpoint: endpoints[kind], kind, isHealthy, c };
    if (sending.guarded && stored) {
      const now = await this.lookUp(stored.id, call);
      if (!now || 'code' in now || now.stamp !== stored.stamp) return { conflict: changedMeanwhile() };
    }
    const sent = await sendRecord(sending, asking);
    if ('conflict' in sent && stored) return { outcome: { kind: 'refused', error: { ...sent.conflict, code: 'Refused' } } };
    const failed = 'outcome' in sent && sent.outcome.kind === 'refused' ? sent.outcome.error : undefined;
    // Avni server, observed: it fails on every PATCH of a visit that a phone made in a certain way;
    // a PUT mends that.
    if (failed?.status === 500 && instead)
      return this.sendOne({ name: '', kind: 'updated', externalId, stored, claim: undefined }, instead, call);
    return sent;
  }

  private noteKey({ claim, externalId }: Omit<Work, 'kind'>, id: string): void {
    if (claim) this.keys.note(claim.mark, externalId, placeOf(id, claim.entityType, this.target));
  }

  /** With the mark of where it came from; one that stands there under an earlier name stays. */
  private marked(given: Body, stored: StoredRecord | undefined, marks: readonly string[]): ReturnType<typeof withMark> {
    const { origin } = this.target;
    if (origin === undefined) return { body: given };
    const there = stored && markIn(stored.body, origin);
    return withMark(given, origin, there !== undefined && marks.includes(there) ? there : (marks[0] ?? ''));
  }

  /** @returns undefined where there is nothing to do */
  private async planOne(name: string, request: WriteRequest, call: Call): Promise<Work | RecordError | undefined> {
    const { origin, action } = request;
    const resource = action === 'upsert' ? request.resources.find((each) => each.name === name) : undefined;
    const known = getOwn(this.options.entityTypes, origin.entityType);
    const marks = originMarks(origin, name, known);
    const [mark = ''] = marks;
    const key = resource?.key?.value;
    if (key !== undefined && !call.dry) this.keys.bring(mark, key);
    const id = key ?? (known && externalIdOf(this.options.integration, origin.entityType, known, origin.id, this.keys, name));
    const marked = id === undefined && action !== 'upsert' ? await findByMark(this.session, marks, this.target, call) : undefined;
    if (marked === 'unknown') return keyNotKnown();
    if (marked && 'code' in marked) return marked;
    const externalId = id ?? marked?.externalId ?? marked?.id;
    if (externalId === undefined) return undefined;
    const unusable = unusableKey(externalId);
    if (unusable) return unusable;
    const stored =
      marked ?? (await this.look(externalId, key !== undefined, request.whenEdited === 'hold' ? { ...call, recent: undefined } : call));
    if (stored && 'code' in stored) return stored;
    const isKeyed = key !== undefined || known?.keyed.includes(name) === true;
    const holder = isKeyed ? otherHolder(stored, origin.entityType, marks, this.target, this.keys) : undefined;
    const strange =
      stored &&
      (strangeness(stored, request, resource, externalId, this.target, this.session.userName) ?? (resource && heldByOther(holder, marks)));
    if (strange) return strange;
    const claim = isKeyed ? { mark, entityType: origin.entityType } : undefined;
    if (!resource) return this.planRemoval({ name, externalId, stored: holder === undefined ? stored : undefined, claim }, request, call);
    return this.planUpsert({ name, externalId, stored, claim }, resource, marks, request, call);
  }

  private planRemoval(work: Omit<Work, 'kind'>, { whenEdited }: WriteRequest, call: Call): Promise<Work | RecordError> {
    const { stored, externalId, claim } = work;
    const { userName } = this.session;
    const isAdopted = claim !== undefined && stored !== undefined && !isOurs(stored, externalId, userName);
    const edit = whenEdited === 'hold' ? editOf(stored, externalId, this.target, userName) : undefined;
    return planRemoval(work, { target: this.target, userName, isAdopted, ...(edit ? { edit } : {}) }, call);
  }

  private async planUpsert(
    work: Omit<Work, 'kind'>,
    { body, key }: WriteResource,
    marks: readonly string[],
    { whenEdited }: WriteRequest,
    call: Call,
  ): Promise<Work | RecordError> {
    const { view, c } = call;
    const { externalId, stored } = work;
    const { userName } = this.session;
    if (stored?.voided && this.target.owns && stored.by !== userName) return voidedByOthers();
    const marked = this.marked(body as Body, stored, marks);
    if ('error' in marked) return marked.error;
    const given = marked.body;
    // Under an id that is derived it is Sangam's, whoever it signs in as by now.
    const isOthers = stored !== undefined && key !== undefined && !this.target.owns && !isOurs(stored, externalId, userName);
    const isShared = stored !== undefined && this.target.owns !== undefined && namesParent(given, this.target);
    if ((isOthers || isShared) && !belongsTo(given, stored, this.target)) return ofAnother(written[this.target.kind].parents[0]);
    const target = isOthers ? givenOf(given, this.target) : this.target;
    const plan = await planRecord(given, { target, externalId, stored, view, c });
    if ('error' in plan) return plan.error;
    if ('same' in plan) {
      this.noteKey(work, plan.same.id);
      return { ...work, kind: 'unchanged' };
    }
    const arrives = stored?.voided !== false;
    const orphaned = arrives ? await checkParent({ ...stored?.row, ...given }, this.target.kind, this.session, call) : undefined;
    if (orphaned) return orphaned;
    const edit = editOf(stored, externalId, this.target, userName);
    if (edit && whenEdited === 'hold') return editedElsewhere(`${this.target.kind} ${stored?.id ?? ''}`, edit);
    const edited = whenEdited === 'overwrite' ? undefined : edit;
    const adopted = isOthers && stored.by !== userName;
    return {
      ...work,
      ...plan,
      kind: stored ? 'updated' : 'created',
      ...(stored?.voided ? { revived: true as const } : {}),
      ...(adopted ? { adopted: true as const } : {}),
      ...(edited ? { edited } : {}),
    };
  }

  /**
   * By what lists showed where that is enough: what others may have made or changed is looked at by
   * itself.
   */
  private async look(externalId: string, isKeyed: boolean, call: Call): Promise<StoredRecord | RecordError | undefined> {
    const { recent } = call;
    const shown = recent?.get(externalId);
    if (shown ?? (recent?.whole === true && !isKeyed && !this.target.owns)) return shown;
    return this.lookUp(externalId, call);
  }

  private lookUp(id: string, { isHealthy, c }: Call): Promise<StoredRecord | RecordError | undefined> {
    const { kind } = this.target;
    return lookUpRecord(this.session, endpoints[kind], kind, id, isHealthy, c);
  }

  private namesOf({ origin, resources }: WriteRequest): string[] {
    const known = getOwn(this.options.entityTypes, origin.entityType)?.resourceNames ?? ['main'];
    return [...new Set([...known, ...resources.map(({ name }) => name)])];
  }
}

/** Of a record that others made, what the mapping gives is Sangam's, and nothing else of it. */
function givenOf(given: Body, target: Target): Target {
  const { groups } = written[target.kind];
  const observed = groups.flatMap((name) => Object.keys(groupOf(given, name)));
  return { ...target, owns: new Set([...Object.keys(given).filter((name) => !groups.includes(name)), ...observed]) };
}

/** What is owned of a record that is there need not say whose it is. */
function namesParent(given: Body, { kind }: Target): boolean {
  return written[kind].parents.some((name) => getOwn(given, name) !== undefined);
}

function ofAnother(parent = 'its parent'): RecordError {
  return invalidField(parent, 'is another one than Avni has of the record that is shared or was taken over');
}

/** What the works of one request come to together. */
function outcomeOf(works: readonly Work[], { action }: WriteRequest): WriteOutcome {
  const done = works.filter(({ kind }) => kind !== 'absent' && kind !== 'unchanged');
  const ids = Object.fromEntries(works.flatMap(({ name, stored }) => (stored ? [[name, stored.id]] : [])));
  if (action !== 'upsert') return done.length === 0 ? { kind: 'absent' } : { kind: action === 'mark' ? 'updated' : 'removed', ids };
  if (done.length === 0) return { kind: 'unchanged', ids };
  const kind = works.every((each) => each.kind === 'created') ? 'created' : 'updated';
  const revived = done.some((each) => each.revived) ? { revived: true as const } : {};
  const adopted = kind === 'updated' && done.some((each) => each.adopted) ? { adopted: true as const } : {};
  const edited = done.find((each) => each.edited)?.edited;
  return { kind, ids, ...revived, ...adopted, ...(edited ? { edited } : {}) };
}
