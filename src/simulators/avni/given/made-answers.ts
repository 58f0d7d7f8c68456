import type { ConceptData, OrganisationData, Question } from '../../../connectors/avni/organisation/organisation-data.js';
import { getOwn, setOwn } from '../../../model/keyed.js';
import type { Random } from '../random.js';
import type { Body } from '../record.js';

const DAY = 24 * 3600 * 1000;
/** No answer lies behind it, so that the same seed gives the same answers on any day. */
export const LAST_DAY = Date.UTC(2026, 0, 1);
/** Share of questions answered that need not be. */
const ANSWERED = 0.7;
const ROWS = 3;
const MEDIA: ReadonlySet<string> = new Set(['Image', 'ImageV2', 'Audio', 'Video', 'File']);

/** What answers may refer to. */
export interface ToReferTo {
  /** Subjects of a type, or all; those made so far. */
  subjects(type: string | undefined): readonly { id: string }[];
  locations: string[];
}

/** Answers to forms, of people who do not exist: valid, and the same for the same seed. */
export class MadeAnswers {
  private readonly concepts: ReadonlyMap<string, ConceptData>;
  private count = 0;

  constructor(
    data: OrganisationData,
    private readonly random: Random,
    private readonly known: ToReferTo,
  ) {
    this.concepts = new Map(data.concepts.map((concept) => [concept.name, concept]));
  }

  /** Answers to questions, at a moment: dates lie in the year before it. */
  to(questions: readonly Question[], at: number): Body {
    const answers: Body = {};
    for (const question of questions) {
      const isAnswered = this.random.chance(question.mandatory === true ? 1 : ANSWERED);
      const value = isAnswered ? this.answerTo(question, at) : undefined;
      if (value !== undefined) setOwn(answers, question.concept, value);
    }
    return answers;
  }

  private answerTo({ concept: name, several, repeatable, questions = [] }: Question, at: number): unknown {
    const concept = this.concepts.get(name);
    if (!concept) return undefined;
    if (concept.dataType === 'QuestionGroup') {
      if (repeatable !== true) return this.to(questions, at);
      return Array.from({ length: this.random.between(1, ROWS) }, () => this.to(questions, at));
    }
    if (several !== true) return this.valueOf(concept, at);
    const first = this.valueOf(concept, at);
    const others = this.random.some(concept.answers ?? []).filter((each) => each !== first);
    return first === undefined ? undefined : [first, ...others];
  }

  private valueOf({ name, dataType, answers, low, high, subjectType }: ConceptData, at: number): unknown {
    const serial = ++this.count;
    if (MEDIA.has(dataType)) return `https://media.example.org/${serial}`;
    const simple: Record<string, () => unknown> = {
      Numeric: () => this.numberBetween(low, high),
      Coded: () => this.oneOf(answers ?? []),
      Date: () => new Date(this.before(at)).toISOString().slice(0, 10),
      DateTime: () => new Date(this.before(at)).toISOString(),
      Time: () => `${two(this.random.between(7, 18))}:${two(this.random.between(0, 59))}`,
      Duration: () => `P${this.random.between(1, 30)}D`,
      PhoneNumber: () => ({ phoneNumber: `9${String(100_000_000 + serial)}`, verified: this.random.chance(0.5) }),
      Subject: () => this.oneOf(this.known.subjects(subjectType))?.id,
      Location: () => this.oneOf(this.known.locations),
      Id: () => `ID-${serial}`,
      Text: () => `${name} ${serial}`,
      Notes: () => `${name} ${serial}, in her words`,
    };
    return getOwn(simple, dataType)?.();
  }

  /** Whole where its bounds are. */
  private numberBetween(low: number | undefined, high: number | undefined): number {
    const from = low ?? Math.min(0, high ?? 0);
    const to = high ?? from + 100;
    if (Number.isInteger(from) && Number.isInteger(to)) return this.random.between(from, to);
    return Math.min(to, Math.max(from, Math.round((from + this.random.next() * (to - from)) * 10) / 10));
  }

  private before(at: number): number {
    return at - this.random.between(0, 365) * DAY;
  }

  private oneOf<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random.next() * list.length)];
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
