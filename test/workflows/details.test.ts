import { describe, expect, it } from '@jest/globals';
import { statusText } from '../../src/cli/status-text.js';
import type { LiveStatus } from '../../src/temporal/read-status.js';
import { detailsOf } from '../../workflows/details.js';
import { emptySheet } from '../../src/model/sheet.js';
import type { ProcessStatus } from '../../workflows/status.js';

const status: ProcessStatus = {
  process: 'clinic/maternal-health',
  state: 'waiting',
  words: 'A system does not answer.',
  since: '2026-11-25T10:21:44.123Z',
  cycle: 7,
  notes: ['The definition changed.'],
  types: {
    A: { bookmark: { v: 1, at: '2026-11-25T10:20:00.000Z' }, total: { ...emptySheet, read: 12, created: 10, filtered: 2 } },
    B: { stopped: { code: 'Unreachable', message: 'No connection.', remedy: 'See whether it runs.', needs: 'system' } },
  },
  errors: { state: 'idle', words: 'No errored record is due.' },
  failure: { entityType: 'B', code: 'Unreachable', message: 'No connection.', remedy: 'See whether it runs.', needs: 'system' },
};

describe('current details', () => {
  it('have a row for each type, a column for each result there is, and what to do', () => {
    expect(detailsOf(status).text.split('\n')).toEqual([
      '**waiting** since 2026-11-25 10:21:44Z. A system does not answer.',
      '',
      '| entity type | got to | read | created | filtered |',
      '|---|---|--:|--:|--:|',
      '| A | 2026-11-25 10:20:00Z | 12 | 10 | 2 |',
      '| B ⚠ | the beginning | – | – | – |',
      '',
      '**Unreachable** in B: No connection.',
      'What to do: See whether it runs.',
      '',
      '- The definition changed.',
      '',
      'Cycle 7',
    ]);
  });

  it('put the types of each direction under it, where there are two', () => {
    const [A, B] = [status.types['A'] ?? {}, status.types['B'] ?? {}];
    const types = { A: { ...A, direction: 'avni → emr' }, B: { ...B, direction: 'emr → avni' }, C: { ...B, direction: 'avni → emr' } };
    const lines = detailsOf({ ...status, types }).text.split('\n');
    expect(lines.slice(4, 9).map((line) => line.split(' | ')[0])).toEqual([
      '| **avni → emr** |',
      '| A',
      '| C ⚠',
      '| **emr → avni** |',
      '| B ⚠',
    ]);
    expect(
      statusText({ ...status, types } as unknown as LiveStatus)
        .split('\n')
        .filter((line) => /→|: got to/.test(line)),
    ).toEqual([
      '  avni → emr',
      '  A: got to 2026-11-25T10:20:00.000Z; 12 read, 10 created, 2 filtered',
      '  C: got to the beginning',
      '  emr → avni',
      '  B: got to the beginning',
    ]);
  });
});
