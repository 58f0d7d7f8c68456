import { condition } from '@temporalio/workflow';
import type { Steered, Steering } from './steering.js';

/** Rests for as long as a pause is in force: until it is taken back, or until its own end. */
export async function whilePaused<S extends Steered>(run: Steering<S>): Promise<void> {
  for (let pause = run.pause; pause !== undefined; pause = run.pause) {
    run.enter('paused');
    const { until } = pause;
    const ended = () => run.pause === undefined || run.pause.until !== until;
    if (until === undefined) await condition(ended);
    else if (!(await condition(ended, Math.max(1, Date.parse(until) - Date.now())))) await run.endPause();
  }
  if (run.state.state === 'paused') run.enter('idle');
}
