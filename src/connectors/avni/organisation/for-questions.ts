import type { Question } from './organisation-data.js';

/** Calls for each question, and those of groups, with the names of the concepts that lead there. */
export function forQuestions(questions: readonly Question[], call: (question: Question, at: string[]) => void, above: string[] = []): void {
  for (const question of questions) {
    const at = [...above, question.concept];
    call(question, at);
    forQuestions(question.questions ?? [], call, at);
  }
}
