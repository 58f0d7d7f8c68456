import pLimit from 'p-limit';
import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf, whoseFault, type FinalVerdict } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { Context, WriteOutcome } from '../connector.js';
import { together } from '../together.js';
import { incidentOf, refusalOf, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { confirm, created } from './confirm.js';
import { pack, waves } from './groups.js';
import { isId } from './ids.js';
import { readJson, writeJson } from '../../json/json.js';
import { isResource, parsed } from './parsed.js';
import { storedResource } from './resource.js';
import type { Operation } from './operations.js';
import { withoutAnswer, withSystemFailure, withVerdict } from '../system-outcome.js';
import { shownBySearch } from './shown-by-search.js';
import { writeBundle, type BundleAnswer } from './write-bundle.js';
import { writeSingle } from './write-single.js';

/** Operations of one record, and what their success means. */
export interface Work {
  operations: Operation[];
  done: WriteOutcome;
}

/** `conflict`: something changed since it was looked at; look again. */
export type Written = WriteOutcome | { kind: 'conflict' };

/**
 * One call of `write`. `down`: the system failed, which is the outcome of all that is not sent yet.
 */
interface Round {
  answers: Map<Work, Written>;
  down?: WriteOutcome;
  c: Context;
}

/** Operations of a work of which the answers do not show that they were done. */
interface Unshown {
  work: Work;
  operations: Operation[];
}

/**
 * Writes records' operations to one server: in transactions of whole records where it has them,
 * else one by one.
 */
export class FhirWriter {
  private oneByOne: boolean;

  /** `serverAdds`: paths that the server changes by itself. */
  constructor(
    private readonly client: FhirClient,
    private readonly serverAdds: readonly string[] = [],
  ) {
    this.oneByOne = client.settings.bundle === 1;
  }

  /** One answer per work, in order. */
  async write(works: Work[], c: Context): Promise<Written[]> {
    const round: Round = { answers: new Map(), c };
    for (const wave of waves(works)) {
      const limit = pLimit(this.client.settings.concurrency ?? (this.oneByOne ? 8 : 2));
      const groups = this.oneByOne ? wave.map((work) => [work]) : pack(wave, this.client.settings.bundle);
      await allOver(groups.map((group) => limit(() => this.writeGroup(group, round))));
    }
    return works.map((work) => round.answers.get(work) ?? round.down ?? { kind: 'unavailable' });
  }

  private async writeGroup(group: Work[], round: Round): Promise<void> {
    if (round.down) return;
    try {
      if (!this.oneByOne) return await this.writeTogether(group, round);
      for (const work of group) if (!round.down) this.note(work, await this.writeOne(work, round), round);
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      const outcome = withoutAnswer(error);
      for (const work of group) if (!round.answers.has(work)) this.note(work, outcome, round);
    }
  }

  private note(work: Work, written: Written, round: Round): void {
    round.answers.set(work, written);
    if (written.kind === 'unavailable' || written.kind === 'unknown') round.down ??= written;
  }

  private async writeTogether(group: Work[], round: Round): Promise<void> {
    const operations = group.flatMap((work) => work.operations);
    const { answer, verdict } = await settle(
      () => writeBundle(this.client, operations, this.serverAdds, round.c),
      ({ whole }) => incidentOf(whole, 'batch', group.length > 1),
      () => this.isHealthy(operations, round.c),
    );
    if (verdict.kind === 'done') return this.readEntries(group, answer, round);
    if (verdict.kind === 'one by one') {
      this.oneByOne = true;
      return this.writeGroup(group, round);
    }
    if (verdict.kind !== 'halve') {
      for (const work of group) this.note(work, outcomeOf(verdict, answer.whole, work), round);
      return;
    }
    const half = Math.ceil(group.length / 2);
    await this.writeGroup(group.slice(0, half), round);
    await this.writeGroup(group.slice(half), round);
  }

  /**
   * A record is as its first entry that is not done; where that failed badly, it is sent again by
   * itself.
   */
  private async readEntries(group: Work[], { each }: BundleAnswer, round: Round): Promise<void> {
    let place = 0;
    const bad: { work: Work; first: Answer }[] = [];
    const unshown: Unshown[] = [];
    for (const work of group) {
      const answers = each.slice(place, (place += work.operations.length));
      const first = firstBad(answers);
      const unclear = work.operations.filter((_operation, index) => answers[index]?.shown !== true);
      if (first) bad.push({ work, first });
      else if (unclear.length > 0) unshown.push({ work, operations: unclear });
      else this.note(work, work.done, round);
    }
    await this.confirmAll(unshown, round);
    for (const { work, first } of bad) {
      if (round.down) {
        round.answers.set(work, round.down);
        continue;
      }
      let given: Answer | undefined = first;
      let unclear: Operation[] = [];
      const again = async (): Promise<Answer> => {
        const { whole, each: entries } = await writeBundle(this.client, work.operations, this.serverAdds, round.c);
        unclear = work.operations.filter((_operation, index) => entries[index]?.shown !== true);
        return firstBad(entries) ?? whole;
      };
      const { answer, verdict } = await settle(
        () => {
          const known = given;
          given = undefined;
          return known ? Promise.resolve(known) : again();
        },
        (each_) => incidentOf(each_, 'entry'),
        () => this.isHealthy(work.operations, round.c),
      );
      const written = verdict.kind === 'done' ? await this.confirmed(work, unclear, round.c) : outcomeOf(verdict, answer, work);
      this.note(work, written, round);
    }
  }

  /**
   * By search, which shows most of many; then those left, the first alone: a system that is sick is
   * not asked about all of them.
   */
  private async confirmAll(unshown: Unshown[], round: Round): Promise<void> {
    const [first, ...others] = unshown.length > 1 ? await this.leftBySearch(unshown, round) : unshown;
    if (!first) return;
    this.note(first.work, await this.confirmed(first.work, first.operations, round.c), round);
    const rest = round.down ? [] : others;
    const written = await together<Written[]>(
      rest.map(
        ({ work, operations }) =>
          (c) =>
            this.confirmed(work, operations, c),
      ),
      round.c,
    );
    rest.forEach(({ work }, index) => this.note(work, written[index] ?? work.done, round));
    // What may have been written is never told as if nothing was.
    if (round.down) for (const { work } of others) if (!round.answers.has(work)) round.answers.set(work, unknownAs(round.down));
  }

  /** What a search does not show of these. */
  private async leftBySearch(unshown: Unshown[], round: Round): Promise<Unshown[]> {
    const operations = unshown.flatMap((each) => each.operations);
    const shown = await shownBySearch(this.client, operations, this.serverAdds, round.c);
    return unshown.flatMap(({ work, operations: some }) => {
      const left = some.filter((operation) => !shown.has(operation));
      if (left.length > 0) return [{ work, operations: left }];
      this.note(work, work.done, round);
      return [];
    });
  }

  /** What becomes of a work of which the answers do not show that these operations were done. */
  private async confirmed(work: Work, operations: Operation[], c: Context): Promise<Written> {
    try {
      for (const operation of operations) {
        const error = await confirm(this.client, operation, this.serverAdds, c);
        if (error) return { kind: 'refused', error };
      }
      return work.done;
    } catch (error) {
      if (error instanceof SystemFailure) return withSystemFailure('unknown', error);
      throw error;
    }
  }

  private async writeOne(work: Work, { c }: Round): Promise<Written> {
    /** Of resources of this record that were created: stand-in → reference. */
    const made = new Map<string, string>();
    for (const planned of work.operations) {
      const operation = withReferences(planned, made);
      const { answer, verdict } = await settle(
        () => writeSingle(this.client, operation, this.serverAdds, c),
        (each) => incidentOf(each, 'write'),
        () => this.isHealthy([operation], c),
      );
      if (verdict.kind !== 'done') return outcomeOf(verdict, answer, work);
      const written = answer.shown ? work.done : await this.confirmed(work, [operation], c);
      if (written !== work.done) return written;
      if (operation.create === undefined || operation === work.operations.at(-1)) continue;
      const reference = await this.madeBy(operation, answer, c);
      // It is there, and found by its tag when it is looked for again.
      if (reference === undefined) return { kind: 'conflict' };
      made.set(`urn:uuid:${operation.id}`, reference);
    }
    return work.done;
  }

  /** Where a resource is that was created: as the answer says, else as a search shows. */
  private async madeBy(operation: Operation, { response }: Answer, c: Context): Promise<string | undefined> {
    const given = parsed(response.text);
    const told = isResource(given) ? storedResource(given as Record<string, unknown>) : undefined;
    const id = told?.resourceType === operation.type ? told.id : (await created(this.client, operation, this.serverAdds, c))?.id;
    return isId(id) ? `${operation.type}/${id}` : undefined;
  }

  private isHealthy([operation]: Operation[], c: Context): Promise<boolean> {
    return this.client.isHealthy(operation?.type ?? 'Patient', '_id', c);
  }
}

/** The operation with references to what was created before it in its record. */
function withReferences(operation: Operation, made: ReadonlyMap<string, string>): Operation {
  if (made.size === 0 || operation.body === undefined) return operation;
  let text = writeJson(operation.body);
  for (const [standIn, reference] of made) text = text.replaceAll(`"${standIn}"`, `"${reference}"`);
  return { ...operation, body: readJson(text) };
}

function unknownAs(down: WriteOutcome): WriteOutcome {
  return { kind: 'unknown', ...('failure' in down && down.failure ? { failure: down.failure } : {}) };
}

function firstBad(answers: Answer[]): Answer | undefined {
  return answers.find((answer) => whoseFault({ ...incidentOf(answer, 'entry'), tries: 1, probe: 'not asked' }).kind !== 'done');
}

function outcomeOf(verdict: FinalVerdict, answer: Answer, work: Work): Written {
  if (verdict.kind === 'done') return work.done;
  if (verdict.kind === 'conflict') return { kind: 'conflict' };
  const removing = work.operations.every(({ method }) => method === 'DELETE');
  if (verdict.kind === 'record') return { kind: 'refused', error: refusalOf(answer, removing) };
  const failure = failureOfStatus(systemCodeOf(verdict), answer.response, 'Writing to the FHIR server');
  return withVerdict(verdict, failure);
}

/**
 * Waits until every one is over before it throws what one threw: whoever is told of an end may rely
 * on nothing being in flight.
 */
async function allOver(works: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
