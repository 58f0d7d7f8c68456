import { describe, expect, it } from '@jest/globals';
import { c, report, T, weight, world } from './source-world.js';

describe('the check', () => {
  it('finds nothing wrong where all is well, and says that nothing is there yet', async () => {
    const { put, source } = await world();
    expect(await source().check?.(c, [])).toMatchObject({ problems: [], warnings: [{ code: 'NothingThere' }] });
    put('p1', T);
    expect(await source().check?.(c, [])).toEqual({ problems: [], warnings: [] });
  });

  it('warns of a server that does not join what is to be joined, and only of such a one', async () => {
    const { simulator, source } = await world();
    simulator.repository.put(weight('w1', 1), T);
    simulator.repository.put(report('r1', ['w1', 'gone']), T + 1);
    const labs = { resource: 'DiagnosticReport', include: ['result'] };
    expect((await source(labs).check?.(c, []))?.warnings).toEqual([]);
    simulator.behaviour.joins = false;
    expect((await source(labs).check?.(c, []))?.warnings).toMatchObject([
      { code: 'IncludeDropped', message: expect.stringContaining('_include') },
    ]);
  });

  it('says which search is not taken, and that the server is down', async () => {
    const { source, simulator } = await world();
    expect(await source({ search: { colour: 'red' } }).check?.(c, [])).toMatchObject({ problems: [{ code: 'BadResponse' }] });
    simulator.faults.push({ do: { respond: { status: 503 } } });
    expect(await source().check?.(c, [])).toMatchObject({ problems: [{ code: 'Unavailable' }] });
  });
});
