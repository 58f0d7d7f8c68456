import { describe, expect, it } from '@jest/globals';
import { verdictOf, worstFirst, worstOf } from '../../src/cli/verdict.js';
import type { LiveStatus, NoStatus } from '../../src/temporal/read-status.js';

const well: LiveStatus = {
  process: 'clinic/well',
  state: 'idle',
  words: '',
  since: '2026-01-01T00:00:00.000Z',
  cycle: 1,
  notes: [],
  types: {},
  errors: { state: 'idle', words: '' },
};
const failure = { code: 'C', message: 'm', remedy: 'r' };
const waiting: LiveStatus = { ...well, process: 'clinic/waits', state: 'waiting', failure: { ...failure, needs: 'system' } };
const stopped: LiveStatus = { ...well, process: 'clinic/stopped', state: 'stopped', failure: { ...failure, needs: 'person' } };
const silent: NoStatus = { process: 'clinic/silent', noStatus: 'No worker', bookmarks: {} };

describe('the exit status of what is asked about processes', () => {
  it('tells what needs a person from what waits for a system, and from what cannot be told', () => {
    const verdicts = [well, { ...well, state: 'running' as const }, waiting, stopped, silent, { ...silent, ended: true as const }].map(
      verdictOf,
    );
    expect(verdicts).toEqual([0, 0, 3, 1, 2, 1]);
  });

  it('counts errored records that fail as needing a person, and ignored or held ones not', () => {
    const open = (errored: Record<string, number>) => verdictOf({ ...well, open: { A: { errored, ignored: 3, waiting: 4 } } });
    expect([open({ CodeMissing: 1 }), open({})]).toEqual([1, 0]);
  });

  it('is that of the worst, which is shown first', () => {
    expect(worstOf([0, 3, 1])).toBe(1);
    expect(worstOf([])).toBe(2);
    expect(worstFirst([well, waiting, stopped, silent]).map(({ process }) => process)).toEqual([
      'clinic/silent',
      'clinic/stopped',
      'clinic/waits',
      'clinic/well',
    ]);
  });
});
