import { unknown } from '../../../connectors/avni/organisation/check-organisation.js';
import type { ConceptData, OrganisationData, Question } from '../../../connectors/avni/organisation/organisation-data.js';
import { isObject } from '../../../model/is-object.js';
import { getOwn } from '../../../model/keyed.js';
import { isDay, isMoment } from './given-record.js';

/** `path`: names of concepts, never a value. */
export interface AnswerProblem {
  path: string;
  message: string;
}

export interface AnswersAsked {
  /** Those of the form; absent: there is no form, and any concept may be answered. */
  questions?: readonly Question[] | undefined;
  /** Whether what must be answered has to be: not where a visit is only planned. */
  complete: boolean;
  /** Names that are no concepts, such as those of a person. */
  besides?: readonly string[];
}

/** Whether answers fit a form, and each its concept. */
export class AnswerCheck {
  private readonly concepts: ReadonlyMap<string, ConceptData>;

  constructor(data: OrganisationData) {
    this.concepts = new Map(data.concepts.map((concept) => [concept.name, concept]));
  }

  /** All that is wrong with answers; `at`: where they stand. */
  problemsOf(answers: Record<string, unknown>, asked: AnswersAsked, at: string): AnswerProblem[] {
    const { questions, complete, besides = [] } = asked;
    const missing = complete ? (questions ?? []).filter(({ concept, mandatory }) => mandatory === true && !isGiven(answers, concept)) : [];
    return [
      ...missing.map(({ concept }) => ({ path: `${at} » ${concept}`, message: 'The form asks for it, and it is missing.' })),
      ...Object.keys(answers)
        .filter((name) => !besides.includes(name) && isGiven(answers, name))
        .flatMap((name) => this.problemsOfOne(name, getOwn(answers, name), asked, `${at} » ${name}`)),
    ];
  }

  private problemsOfOne(name: string, value: unknown, { questions, complete }: AnswersAsked, path: string): AnswerProblem[] {
    const concept = this.concepts.get(name);
    if (!concept) return [unknown(path, name, [...this.concepts.values()], 'concept')];
    const question = questions?.find((each) => each.concept === name);
    if (questions && !question) return [{ path, message: 'The form does not ask for it.' }];
    if (concept.dataType === 'QuestionGroup') return this.problemsOfGroup(value, question, complete, path);
    if (!Array.isArray(value)) return problem(path, wrongValue(value, concept));
    if (question && question.several !== true) return problem(path, 'The form takes one answer, and this is a list.');
    return value.flatMap((each) => problem(path, wrongValue(each, concept)));
  }

  private problemsOfGroup(value: unknown, question: Question | undefined, complete: boolean, path: string): AnswerProblem[] {
    const isList = Array.isArray(value);
    if (question && isList !== (question.repeatable === true))
      return problem(path, isList ? 'The group is filled in once, and this is a list.' : 'The group repeats: its rows must be a list.');
    const rows: unknown[] = isList ? value : [value];
    return rows.flatMap((row, index) => {
      const at = isList ? `${path} » ${index + 1}` : path;
      if (!isObject(row)) return problem(at, 'It must be answers by the names of their concepts.');
      return this.problemsOf(row, { questions: question?.questions, complete }, at);
    });
  }
}

function isGiven(answers: Record<string, unknown>, name: string): boolean {
  return (getOwn(answers, name) ?? null) !== null;
}

function problem(path: string, message: string | undefined): AnswerProblem[] {
  return message === undefined ? [] : [{ path, message }];
}

/** Why a value is none of its concept; it is not quoted, since it may be a person's. */
function wrongValue(value: unknown, { dataType, answers, low, high }: ConceptData): string | undefined {
  if (dataType === 'Numeric') {
    if (typeof value !== 'number') return 'It must be a number.';
    if (low !== undefined && value < low) return `It is below what the concept takes, ${low}.`;
    return high !== undefined && value > high ? `It is above what the concept takes, ${high}.` : undefined;
  }
  if (dataType === 'Coded') {
    const known = answers ?? [];
    return typeof value === 'string' && known.includes(value) ? undefined : `It must be one of its answers: ${known.join(', ')}.`;
  }
  if (dataType === 'Date') return isDay(value) || isMoment(value) ? undefined : 'It must be a day, as 2026-01-31.';
  if (dataType === 'DateTime') return isMoment(value) ? undefined : 'It must be a moment with its zone, as 2026-01-31T09:30:00Z.';
  if (dataType === 'Text' || dataType === 'Notes') return typeof value === 'string' ? undefined : 'It must be text: put it in quotes.';
  return dataType === 'NA' ? 'It is an answer, and no question.' : undefined;
}
