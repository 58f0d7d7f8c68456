import pLimit from 'p-limit';
import { Cancelled, SystemFailure } from '../../errors/system-failure.js';
import type { Context, WriteOutcome } from '../connector.js';
import type { Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { targetOf, type Operation } from './operations.js';
import { writeBundle } from './write-bundle.js';
import { writeSingle } from './write-single.js';

/** Operations of one record, and what their success means. */
export interface Work {
  operations: Operation[];
  done: WriteOutcome;
}

/** `conflict`: something changed since it was looked at; look again. */
export type Written = WriteOutcome | { kind: 'conflict' };

/** Writes records' operations to one server: in transactions of whole records where it has them, else one by one. */
export class FhirWriter {
  private oneByOne: boolean;

  constructor(private readonly client: FhirClient) {
    this.oneByOne = client.settings.bundle === 1;
  }

  /** One answer per work, in order. */
  async write(works: Work[], c: Context): Promise<Written[]> {
    const answers = new Map<Work, Written>();
    for (const wave of waves(works)) {
      const limit = pLimit(this.client.settings.concurrency ?? (this.oneByOne ? 8 : 2));
      const groups = this.oneByOne ? wave.map((work) => [work]) : pack(wave, this.client.settings.bundle);
      await Promise.all(groups.map((group) => limit(() => this.writeGroup(group, answers, c))));
    }
    return works.map((work) => answers.get(work) ?? { kind: 'unavailable' });
  }

  private async writeGroup(group: Work[], answers: Map<Work, Written>, c: Context): Promise<void> {
    try {
      if (this.oneByOne) for (const work of group) answers.set(work, await this.writeOne(work, c));
      else await this.writeTogether(group, answers, c);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      if (!(error instanceof SystemFailure)) throw error;
      const { code, message, remedy, status, retryAfter } = error;
      const failure = { code, message, remedy, ...(status !== undefined ? { status } : {}) };
      // Without an answer nobody knows; an upsert may simply be done again.
      const kind = code === 'TimedOut' || code === 'Unreachable' || code === 'BadResponse' ? 'unknown' : 'unavailable';
      for (const work of group)
        if (!answers.has(work))
          answers.set(
            work,
            kind === 'unknown' ? { kind, failure } : { kind, failure, ...(retryAfter !== undefined ? { retryAfter } : {}) },
          );
    }
  }

  private async writeTogether(group: Work[], answers: Map<Work, Written>, c: Context): Promise<void> {
    const operations = group.flatMap((work) => work.operations);
    let answer = await writeBundle(this.client, operations, c);
    if ('whole' in answer && answer.whole.kind === 'serverError') answer = await writeBundle(this.client, operations, c);
    if ('unsupported' in answer) {
      this.oneByOne = true;
      return this.writeGroup(group, answers, c);
    }
    if ('each' in answer) {
      let place = 0;
      for (const work of group) {
        const own = answer.each.slice(place, (place += work.operations.length));
        answers.set(work, await this.verdict(own.find((each) => each.kind !== 'done') ?? { kind: 'done' }, work, c));
      }
      return;
    }
    const [only] = group;
    if (group.length === 1 && only) return void answers.set(only, await this.verdict(answer.whole, only, c));
    if (answer.whole.kind === 'system') throw answer.whole.failure;
    if (answer.whole.kind === 'serverError' && !(await this.client.isHealthy(c))) throw sick();
    const half = Math.ceil(group.length / 2);
    await this.writeGroup(group.slice(0, half), answers, c);
    await this.writeGroup(group.slice(half), answers, c);
  }

  private async writeOne(work: Work, c: Context): Promise<Written> {
    for (const operation of work.operations) {
      let answer = await writeSingle(this.client, operation, c);
      if (answer.kind === 'serverError') answer = await writeSingle(this.client, operation, c);
      if (answer.kind !== 'done') return this.verdict(answer, work, c);
    }
    return work.done;
  }

  /** A 500 of a healthy server is the record's; of a sick one, the server's. */
  private async verdict(answer: Answer, work: Work, c: Context): Promise<Written> {
    if (answer.kind === 'done') return work.done;
    if (answer.kind === 'conflict') return { kind: 'conflict' };
    if (answer.kind === 'refused') return answer;
    if (answer.kind === 'system') throw answer.failure;
    if (!(await this.client.isHealthy(c))) throw sick();
    return {
      kind: 'refused',
      error: {
        code: 'Refused',
        status: 500,
        message: 'The FHIR server fails on this record (500) while it is otherwise well.',
        remedy: 'See the FHIR server’s log at this time.',
      },
    };
  }
}

function sick(): SystemFailure {
  return new SystemFailure({
    code: 'ServerError',
    status: 500,
    message: 'The FHIR server fails (500), also where no record is at fault.',
    remedy: 'See the FHIR server’s log; it is tried again by itself.',
  });
}

/** Whole records up to so many operations; one that is larger goes alone. */
function pack(works: Work[], size: number): Work[][] {
  const groups: Work[][] = [];
  let count = Number.POSITIVE_INFINITY;
  for (const work of works) {
    if (count + work.operations.length > size) {
      groups.push([]);
      count = 0;
    }
    groups.at(-1)?.push(work);
    count += work.operations.length;
  }
  return groups;
}

/** The same target twice goes into separate waves, in order. */
function waves(works: Work[]): Work[][] {
  const list: Work[][] = [];
  const wave = new Map<string, number>();
  for (const work of works) {
    const targets = work.operations.map(targetOf);
    const index = Math.max(0, ...targets.map((target) => (wave.get(target) ?? -1) + 1));
    (list[index] ??= []).push(work);
    for (const target of targets) wave.set(target, index);
  }
  return list;
}
