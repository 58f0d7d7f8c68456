import { describe, expect, it } from '@jest/globals';
import { LookAhead } from '../../activities/look-ahead.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import type { Horizon } from '../../src/connectors/connector.js';
import { SystemFailure, type SystemFailureDetails } from '../../src/errors/system-failure.js';
import { noContext } from '../support/sync/fake-source.js';

type Fails = Partial<SystemFailureDetails> | undefined;

/**
 * A process of ten types of `avni` and one of `other`; `fails` says how a type's source fails,
 * `late` after how many were asked no time is left.
 */
function looking({ fails, clock, late = Infinity }: { fails?: (type: string) => Fails; clock?: Fails; late?: number }) {
  const asked: string[] = [];
  const passedOver: string[] = [];
  const failure = (how: Fails) => new SystemFailure({ code: 'TimedOut', message: 'm', remedy: 'r', ...how });
  const types = [
    ...Array.from({ length: 10 }, (_, at) => ({ name: `T${at}`, from: { system: 'avni' } })),
    { name: 'O', from: { system: 'other' } },
  ];
  const source = (name: string) => ({
    hasChanges: async () => {
      asked.push(name);
      const how = fails?.(name);
      if (how) throw failure(how);
      return true;
    },
  });
  const horizon = async (system: string): Promise<Horizon> => {
    asked.push(system);
    if (clock && system === 'avni') throw failure(clock);
    return { until: '2026-01-01T00:00:00.000Z' };
  };
  const active = {
    connectors: { avni: { horizon: () => horizon('avni') }, other: { horizon: () => horizon('other') } },
    parts: Object.fromEntries(types.map(({ name }) => [name, { source: source(name) }])),
  } as unknown as ActiveProcess;
  const ahead = new LookAhead(active, noContext(), () => asked.length > late);
  const all = async () => {
    const found: Record<string, string> = {};
    passedOver.length = 0;
    for (const type of types) {
      const each = await ahead.ask(type as Parameters<LookAhead['ask']>[0], null);
      if ('passedOver' in each) passedOver.push(type.name);
      found[type.name] = 'stopped' in each ? each.stopped.code : String(each.hasChanges);
    }
    return found;
  };
  return { all, asked, passedOver };
}

const every = (code: string) => ({ ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`T${at}`, code])), O: 'true' });

const at = (seconds: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + seconds * 1_000).toISOString();

describe('a source whose Date is 90 s ahead of the worker', () => {
  const ours = at(0);
  const proof = { after: at(85), until: at(90), horizon: at(80) };
  const unsure = { how: 'ahead' as const, ours, theirs: at(90), message: 'm', remedy: 'r', proof };

  /** A process of two types, whose newest record is stamped so. */
  function asking(newest: string, before: Record<string, unknown> = {}) {
    const asked: string[] = [];
    const has = async (after: { at: string } | null, until: string) => {
      asked.push(`${after?.at ?? ''} ${until}`);
      return newest > (after?.at ?? '') && newest <= until;
    };
    const part = (system: string, hasChanges: unknown) => ({ definition: { from: { system } }, source: { hasChanges } });
    const active = {
      connectors: { avni: { horizon: async () => ({ until: at(-10), unsure }) } },
      parts: {
        Elsewhere: part('other', async () => true),
        ...Object.fromEntries(Object.entries(before).map(([name, hasChanges]) => [name, part('avni', hasChanges)])),
        None: part('avni', async () => false),
        T: part('avni', has),
      },
    } as unknown as ActiveProcess;
    const ahead = new LookAhead(active, noContext(), () => false);
    const type = { name: 'T', from: { system: 'avni' } } as Parameters<LookAhead['ask']>[0];
    return { asked, ahead, ask: () => ahead.ask(type, null) };
  }

  it.each([86, 90])('is believed where a record of it is stamped %d s ahead: it is the worker that is behind', async (seconds) => {
    const { ahead, ask } = asking(at(seconds));
    expect(await ask()).toMatchObject({ horizon: proof.horizon });
    expect([...ahead.clocks]).toEqual([['avni', null]]);
  });

  it.each([-30, 0, 85, 91])('is not where its newest record is stamped %d s ahead, nor by what other systems have', async (seconds) => {
    const { ahead, asked, ask } = asking(at(seconds));
    expect(await ask()).toMatchObject({ horizon: at(-10) });
    expect([...ahead.clocks]).toEqual([['avni', unsure]]);
    expect(asked[0]).toBe(`${proof.after} ${proof.until}`);
  });

  const failing = (code: SystemFailureDetails['code']) => async () => {
    throw new SystemFailure({ code, message: 'm', remedy: 'r' });
  };

  it.each(['UnknownType', 'Forbidden', 'TimedOut', 'FilterDropped'] as const)(
    'stops no type because of another one whose question fails with %s: that proves nothing',
    async (code) => {
      const unproven = asking(at(0), { Typo: failing(code) });
      expect(await unproven.ask()).toMatchObject({ horizon: at(-10), hasChanges: false });
      expect([...unproven.ahead.clocks]).toEqual([['avni', unsure]]);
      expect(await asking(at(86), { Typo: failing(code) }).ask()).toMatchObject({ horizon: proof.horizon });
    },
  );

  it('asks for no more proof from a system that is down', async () => {
    const { asked, ask } = asking(at(86), { Down: failing('Unreachable') });
    expect(await ask()).toMatchObject({ horizon: at(-10) });
    expect(asked).not.toContain(`${proof.after} ${proof.until}`);
  });

  it('lets what is no failure of a system through', async () => {
    const defect = async () => {
      throw new TypeError('defect');
    };
    await expect(asking(at(0), { Broken: defect }).ask()).rejects.toThrow('defect');
  });
});

describe('looking ahead at what has changed', () => {
  it.each([
    ['cannot be reached', { code: 'Unreachable' }, 1],
    ['is not available to two types', { code: 'Unavailable' }, 2],
    ['asks to be left alone', { code: 'RateLimited', retryAfter: 1_000 }, 1],
    ['keeps two types waiting in vain', { code: 'TimedOut' }, 2],
  ] as const)(
    'asks nothing more of a system that %s: its other types get the same stop, and other systems are asked',
    async (_what, how, times) => {
      const { all, asked, passedOver } = looking({ fails: (type) => (type === 'O' ? undefined : how) });
      expect(await all()).toEqual(every(how.code));
      expect(asked).toEqual(['avni', ...['T0', 'T1'].slice(0, times), 'other', 'O']);
      expect(passedOver).toEqual(['T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9'].slice(times));
    },
  );

  it('asks nothing of a system whose own clock cannot be had', async () => {
    const { all, asked } = looking({ clock: { code: 'TimedOut' } });
    expect(await all()).toEqual(every('TimedOut'));
    expect(asked).toEqual(['avni', 'other', 'O']);
  });

  it.each([['Forbidden'], ['FilterDropped'], ['TimedOut'], ['Unavailable']] as const)(
    'asks on where %s is of one type alone',
    async (code) => {
      const { all } = looking({ fails: (type) => (type === 'T0' ? { code } : undefined) });
      expect(await all()).toEqual({ ...every('true'), T0: code });
    },
  );

  it.each([['TimedOut'], ['Unavailable']] as const)(
    'asks on where others of its system were answered, however many fail with %s',
    async (code) => {
      const { all } = looking({ fails: (type) => (['T1', 'T2', 'T3'].includes(type) ? { code } : undefined) });
      expect(await all()).toEqual({ ...every('true'), T1: code, T2: code, T3: code });
    },
  );

  it('goes on with what it has once its time is up', async () => {
    const { all, asked } = looking({ late: 3 });
    expect(await all()).toMatchObject({ T2: 'true', T3: 'PlanTimedOut', T9: 'PlanTimedOut', O: 'PlanTimedOut' });
    expect(asked).toEqual(['avni', 'T0', 'T1', 'T2']);
  });
});
