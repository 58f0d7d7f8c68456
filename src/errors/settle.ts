import { whoseFault, type FinalVerdict, type Incident, type Probe } from './whose-fault.js';

/**
 * Asks as often as `whoseFault` says: once more after a bare 500, and at most once the system
 * itself, where only its health can tell.
 *
 * @param ask what is asked; its errors (no answer at all, cancelled) are the caller's
 * @param tried how often it was asked before, as part of more
 * @param incidentOf what `ask` gave, in the words of `whoseFault`
 */
export async function settle<T>(
  ask: () => Promise<T>,
  incidentOf: (answer: T) => Omit<Incident, 'tries' | 'probe'>,
  isHealthy: () => Promise<boolean>,
  tried = 0,
): Promise<{ answer: T; verdict: FinalVerdict }> {
  let answer = await ask();
  let tries = tried + 1;
  let probe: Probe = 'not asked';
  for (;;) {
    const verdict = whoseFault({ ...incidentOf(answer), tries, probe });
    if (verdict.kind === 'again') {
      answer = await ask();
      tries += 1;
    } else if (verdict.kind === 'probe') probe = (await isHealthy()) ? 'healthy' : 'sick';
    else return { answer, verdict };
  }
}
