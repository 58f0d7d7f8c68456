import { SystemFailure } from './system-failure.js';

/**
 * Thrown where an answer is too large to be read. Of several records one may be at fault: a system
 * that otherwise answers well is asked for fewer.
 */
export class AnswerTooLarge extends SystemFailure {
  /**
   * `place`: what was asked for, in words. `than`: what it has more of than is read, e.g. `64
   * bytes`.
   */
  constructor(place: string, than: string, status?: number) {
    const message = `${place}: the answer has more than ${than}.`;
    const remedy = 'Make pageSize of the system smaller; see whether a record holds what it should not.';
    super({ code: 'BadResponse', message, remedy, ...(status !== undefined ? { status } : {}) });
  }
}
