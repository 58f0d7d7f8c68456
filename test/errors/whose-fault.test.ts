import { describe, expect, it } from '@jest/globals';
import { settle } from '../../src/errors/settle.js';
import { whoseFault, type FinalVerdict, type Incident, type Place } from '../../src/errors/whose-fault.js';

const places: Place[] = ['read one', 'read page', 'look up', 'search by POST', 'write', 'entry', 'batch'];
const comings: Incident['came'][] = [
  ...Array.from({ length: 400 }, (_, n) => n + 200),
  ...(['Unreachable', 'TlsFailed', 'TimedOut', 'BadResponse'] as const),
];
const every = places.flatMap((place) =>
  comings.flatMap((came) => [true, false].flatMap((several) => [true, false].map((removing) => ({ place, came, several, removing })))),
);

/** Follows the verdicts to the end, of a system that is well or not. */
async function ends(incident: Omit<Incident, 'tries' | 'probe'>, healthy: boolean) {
  let asked = 0;
  let probed = 0;
  const { verdict } = await settle(
    () => Promise.resolve((asked += 1)),
    () => incident,
    () => {
      probed += 1;
      return Promise.resolve(healthy);
    },
  );
  return { verdict, asked, probed };
}

/**
 * What it comes to, of a system that is well and of one that is sick. The first row that fits
 * holds.
 */
type Row = [comings: string, well: string, sick?: string];

const alwaysTheSystems: Row[] = [
  ['200-299', 'done'],
  ['300-399', 'system BadResponse'],
  ['401', 'system Unauthorized'],
  ['408 502-504', 'system Unavailable'],
  ['429', 'system RateLimited'],
  ['TlsFailed', 'system TlsFailed'],
];
const reading: Row[] = [
  ['500-599', 'record', 'system ServerError'],
  ['Unreachable', 'system Unreachable'],
  ['TimedOut', 'system TimedOut'],
  ['BadResponse', 'system BadResponse'],
  ['403', 'system Forbidden'],
];
const writing: Row[] = [
  ['500-599', 'record', 'system ServerError'],
  ['Unreachable', 'unknown Unreachable'],
  ['TimedOut', 'unknown TimedOut'],
  ['BadResponse', 'unknown BadResponse'],
  ['403', 'record', 'system Forbidden'],
  ['404 410', 'record', 'system NotFound'],
  ['412', 'conflict'],
  ['400-499', 'record'],
];
const decided: Record<Place, Row[]> = {
  'read one': [...alwaysTheSystems, ...reading, ['404 410', 'absent', 'system NotFound'], ['400-499', 'record', 'system BadResponse']],
  'read page': [...alwaysTheSystems, ...reading, ['404 410', 'system NotFound'], ['400-499', 'system BadResponse']],
  'look up': [...alwaysTheSystems, ...reading, ['404 410', 'system NotFound'], ['400-499', 'record', 'system BadResponse']],
  'search by POST': [...alwaysTheSystems, ['400-499 501', 'one by one'], ...reading],
  write: [...alwaysTheSystems, ...writing],
  entry: [...alwaysTheSystems, ...writing],
  batch: [...alwaysTheSystems, ['404 405 501', 'one by one'], ...writing],
};

function fits(comings: string, came: Incident['came']): boolean {
  return comings.split(' ').some((each) => {
    const [from, to = from] = each.split('-');
    return typeof came === 'number' ? came >= Number(from) && came <= Number(to) : each === came;
  });
}

function inWords(verdict: FinalVerdict): string {
  return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
}

describe('whose fault it is', () => {
  it.each(places)('is decided as the table says of one record, whatever comes: %s', async (place) => {
    const wrong: unknown[] = [];
    for (const came of comings) {
      const [, well, sick = well] = decided[place].find(([each]) => fits(each, came)) ?? ['', 'no row'];
      const told = [inWords((await ends({ place, came }, true)).verdict), inWords((await ends({ place, came }, false)).verdict)];
      if (told[0] !== well || told[1] !== sick) wrong.push([came, told, [well, sick]]);
    }
    expect(wrong).toEqual([]);
  });

  it.each<[Partial<Incident>, string]>([
    [{ place: 'write', came: 404, removing: true }, 'done'],
    [{ place: 'write', came: 410, removing: true }, 'done'],
    [{ place: 'write', came: 403, removing: true }, 'record'],
    [{ place: 'entry', came: 404, means: 'not supported' }, 'record'],
    [{ place: 'batch', came: 404, several: true, removing: true }, 'one by one'],
    [{ place: 'batch', came: 500, several: true }, 'halve'],
  ])('is decided by what was asked, too: %j', async (incident, told) => {
    expect(inWords((await ends({ place: 'write', came: 200, ...incident }, true)).verdict)).toBe(told);
  });

  it('comes to an end after two tries and one probe at the most', async () => {
    const wrong: unknown[] = [];
    for (const incident of every)
      for (const healthy of [true, false]) {
        const { asked, probed } = await ends(incident, healthy);
        const most = typeof incident.came === 'number' && incident.came >= 500 ? 2 : 1;
        if (asked > most || probed > 1) wrong.push(incident);
      }
    expect(wrong).toEqual([]);
  });

  it('is never the record’s, nor is it gone, where the probe found the system sick', async () => {
    const wrong: unknown[] = [];
    for (const incident of every) {
      const { verdict, probed } = await ends(incident, false);
      if (probed > 0 && verdict.kind !== 'system') wrong.push(incident);
    }
    expect(wrong).toEqual([]);
  });

  it('is never the system’s where the probe found it healthy', async () => {
    const wrong: unknown[] = [];
    for (const incident of every) {
      const { verdict, probed } = await ends(incident, true);
      if (probed > 0 && !['record', 'halve', 'absent'].includes(verdict.kind)) wrong.push(incident);
    }
    expect(wrong).toEqual([]);
  });

  it('never loses a record: done is only what the system says is done', async () => {
    const wrong: unknown[] = [];
    for (const incident of every) {
      const { verdict } = await ends(incident, true);
      const said = typeof incident.came === 'number' && incident.came < 300;
      const goneAlready = incident.removing && (incident.came === 404 || incident.came === 410);
      if (verdict.kind === 'done' && !said && !goneAlready) wrong.push(incident);
    }
    expect(wrong).toEqual([]);
  });

  it.each<[string, Partial<Incident>, FinalVerdict, FinalVerdict?]>([
    ['403 on reading', { place: 'read one', came: 403 }, { kind: 'system', code: 'Forbidden' }],
    ['403 on one write', { place: 'write', came: 403 }, { kind: 'record' }, { kind: 'system', code: 'Forbidden' }],
    ['500 on one write', { place: 'write', came: 500 }, { kind: 'record' }, { kind: 'system', code: 'ServerError' }],
    ['500 of a page', { place: 'read page', came: 500, several: true }, { kind: 'halve' }, { kind: 'system', code: 'ServerError' }],
    ['404 of a list', { place: 'read page', came: 404 }, { kind: 'system', code: 'NotFound' }],
    ['404 of one record', { place: 'read one', came: 404 }, { kind: 'absent' }, { kind: 'system', code: 'NotFound' }],
    ['422 of a batch', { place: 'batch', came: 422, several: true }, { kind: 'halve' }],
    ['422 of a batch of one', { place: 'batch', came: 422 }, { kind: 'record' }],
    ['a batch the server does not have', { place: 'batch', came: 400, means: 'not supported', several: true }, { kind: 'one by one' }],
    ['a time-out of a batch', { place: 'batch', came: 'TimedOut', several: true }, { kind: 'unknown', code: 'TimedOut' }],
    ['403 of a search by POST', { place: 'search by POST', came: 403 }, { kind: 'one by one' }],
    ['a search by POST the server does not have', { place: 'search by POST', came: 501, several: true }, { kind: 'one by one' }],
    ['503 of a search by POST', { place: 'search by POST', came: 503 }, { kind: 'system', code: 'Unavailable' }],
    ['401 of a search by POST', { place: 'search by POST', came: 401 }, { kind: 'system', code: 'Unauthorized' }],
    ['no safe connection', { place: 'write', came: 'TlsFailed' }, { kind: 'system', code: 'TlsFailed' }],
    ['401 of an entry', { place: 'entry', came: 401 }, { kind: 'system', code: 'Unauthorized' }],
    ['a version that is no longer stored', { place: 'write', came: 412 }, { kind: 'conflict' }],
    ['that in words of its own', { place: 'write', came: 409, means: 'conflict' }, { kind: 'conflict' }],
    ['a 409 that is none', { place: 'write', came: 409 }, { kind: 'record' }],
    ['removing what is gone', { place: 'entry', came: 410, removing: true }, { kind: 'done' }],
  ])('%s', async (_name, incident, ifHealthy, ifSick = ifHealthy) => {
    const whole = { place: 'write' as const, came: 200, ...incident };
    expect((await ends(whole, true)).verdict).toEqual(ifHealthy);
    expect((await ends(whole, false)).verdict).toEqual(ifSick);
  });

  it('asks once more after a bare 500, and probes only then', () => {
    const incident = { place: 'write' as const, came: 500, probe: 'not asked' as const };
    expect(whoseFault({ ...incident, tries: 1 })).toEqual({ kind: 'again' });
    expect(whoseFault({ ...incident, tries: 2 })).toEqual({ kind: 'probe' });
  });
});
