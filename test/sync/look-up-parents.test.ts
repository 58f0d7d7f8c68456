import { describe, expect, it } from '@jest/globals';
import type { EntityTypeDefinition } from '../../src/definition/definition.js';
import { errorOf, dryRun } from '../../src/sync/dry-run.js';
import { fakeProcess, type FakeProcess, type Settings } from '../support/sync/fake-process.js';
import { noContext } from '../support/sync/fake-source.js';

type Parents = EntityTypeDefinition['parents'];

/** A result whose subject goes the other way. */
const written: Parents = { subject: { writtenFrom: 'S', names: ['S', 'Older'], type: 'subject', reference: 'subject' } };
const looked: Parents = { subject: { find: 'subject', value: 'subject' } };
/** An enrolment of that subject. */
const within: Parents = { ...written, enrolment: { find: 'enrolment', of: 'subject' } };

const process = (parents: Parents, settings: Settings = {}) => fakeProcess({ R: { parents, whenParentMissing: 'hold', ...settings } });

function origin(p: FakeProcess, reference: string, id: string, entityType = 'S', integration = 'i'): void {
  const before = p.system.origins.get(reference) ?? [];
  if (!('code' in before)) p.system.origins.set(reference, [...before, { integration, process: 'p', entityType, id }]);
  p.destination.sources.add(id);
}

const failures = (p: FakeProcess) => [...p.rows.rows.values()].map(({ failure }) => failure?.error.code);

describe('a parent that the destination’s system owns', () => {
  it('is named by the origin of what the record refers to, with one question for all, and no search', async () => {
    const p = process(written);
    for (const n of [1, 2, 3]) origin(p, `Patient/${n}`, `s${n}`, n === 3 ? 'Older' : 'S');
    for (const n of [1, 2, 3, 4, 5, 6]) p.system.put('R', `r${n}`, { parents: { subject: `Patient/${((n - 1) % 3) + 1}` } });
    expect((await p.sync('R')).sheet).toMatchObject({ read: 6, created: 6 });
    expect(p.system.asked).toEqual(['origins Patient/1,Patient/2,Patient/3']);
    expect(p.destination.calls).toEqual(['write 6']);
    expect(['r1', 'r6'].map((id) => p.destination.stored.get(`R ${id}`)?.parents)).toEqual([['s1'], ['s3']]);
  });

  it.each([
    ['hold', { held: 1 }, 'ParentAwaited'],
    ['filter', { filtered: 1 }, undefined],
    ['fail', { errored: 1 }, 'ParentVoided'],
  ] as const)(
    'and is no longer valid there is as if it were missing (%s), for what is not there yet',
    async (whenParentMissing, sheet, code) => {
      const p = process(written, { whenParentMissing });
      origin(p, 'Patient/1', 's1');
      p.system.put('R', 'r0', { parents: { subject: 'Patient/1' } });
      expect((await p.sync('R')).sheet).toMatchObject({ created: 1 });
      p.destination.voided.add('s1');
      p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
      expect((await p.sync('R')).sheet).toMatchObject({ read: 1, ...sheet });
      expect(failures(p)).toEqual(code === undefined ? [] : [code]);
      p.destination.voided.clear();
      await p.heal();
      expect([p.rows.rows.size, p.destination.stored.has('R r1')]).toEqual([0, code !== undefined]);
    },
  );

  it('is looked for by a value, once for all pages, where the record is written', async () => {
    const p = process(looked);
    p.destination.others.set('subject=H1', [{ type: 'subject', id: 's1' }]);
    for (let n = 0; n < 25; n += 1) p.system.put('R', `r${n}`, { parents: { subject: 'H1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ read: 25, created: 25 });
    expect(p.destination.calls.filter((each) => each.startsWith('look up'))).toEqual(['look up subject=H1']);
  });

  it('is looked for within another one', async () => {
    const p = process(within);
    origin(p, 'Patient/1', 's1');
    origin(p, 'Patient/2', 's2');
    p.destination.others.set('enrolment=@s1', [{ type: 'enrolment', id: 'e1' }]);
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    p.system.put('R', 'r2', { parents: { subject: 'Patient/2' } });
    p.system.put('R', 'r3', { parents: { subject: 'Patient/3' } });
    expect((await p.sync('R')).sheet).toMatchObject({ read: 3, created: 1, held: 2 });
    expect(p.destination.stored.get('R r1')?.parents).toEqual(['s1', 'e1']);
    expect(p.destination.calls[0]).toBe('look up enrolment=@s1 enrolment=@s2');
  });

  it('need not be there where the record names none', async () => {
    const p = process(written);
    p.system.put('R', 'r1');
    expect((await p.sync('R')).sheet).toMatchObject({ created: 1 });
    expect(p.system.asked).toEqual([]);
  });

  it('that is there twice is an error which names both', async () => {
    const p = process(looked);
    p.destination.others.set(
      'subject=H1',
      ['s1', 's2'].map((id) => ({ type: 'subject', id })),
    );
    p.system.put('R', 'r1', { parents: { subject: 'H1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ errored: 1 });
    expect(p.rows.rows.get('R r1')?.failure?.error).toMatchObject({
      code: 'ParentAmbiguous',
      message: expect.stringMatching(/subject\/s1 and subject\/s2/),
    });
  });

  it('is an error that names both where the record that it refers to carries two origins', async () => {
    const p = process(written);
    for (const id of ['s1', 's2']) origin(p, 'Patient/1', id);
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ errored: 1 });
    expect(p.rows.rows.get('R r1')?.failure?.error).toMatchObject({
      code: 'ParentAmbiguous',
      message: expect.stringMatching(/subject\/s1 and subject\/s2/),
    });
    expect(p.destination.stored.size).toBe(0);
  });

  it('is not taken for missing where what the record refers to cannot be read: nothing is taken away for it', async () => {
    const p = process(written, { whenParentMissing: 'filter' });
    origin(p, 'Patient/1', 's1');
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    await p.sync('R');
    p.system.origins.set('Patient/1', { code: 'Unreadable', message: 'm', remedy: 'r' });
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ errored: 1 });
    expect([failures(p), p.destination.stored.size]).toEqual([['Unreadable'], 1]);
  });

  it('is not taken for missing where its system fails on it', async () => {
    const p = process(looked, { whenParentMissing: 'filter' });
    p.destination.others.set('subject=H1', [{ type: 'subject', id: 's1' }]);
    p.system.put('R', 'r1', { parents: { subject: 'H1' } });
    await p.sync('R');
    p.destination.others.set('subject=H1', { code: 'Refused', message: 'm', remedy: 'r' });
    p.system.put('R', 'r1', { parents: { subject: 'H1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ errored: 1 });
    expect([failures(p), p.destination.stored.size]).toEqual([['Refused'], 1]);
  });

  it('is the one of its own, whatever origins of others and of earlier names stand beside it', async () => {
    const p = process(written);
    origin(p, 'Patient/1', 'x1', 'S', 'other');
    origin(p, 'Patient/1', 's1', 'Older');
    origin(p, 'Patient/1', 's1');
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ created: 1 });
    expect(p.destination.stored.get('R r1')?.parents).toEqual(['s1']);
  });

  it.each([
    ['another type', 'Other', 'i'],
    ['another integration', 'S', 'other'],
  ])('was not written from %s', async (_what, entityType, integration) => {
    const p = process(written);
    origin(p, 'Patient/1', 's1', entityType, integration);
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ errored: 1 });
    expect(failures(p)).toEqual(['ParentOtherType']);
  });
});

describe('a parent that is not there yet', () => {
  it.each([
    ['unless told otherwise', 'bring', { held: 1 }, ['ParentAwaited']],
    ['by hold', 'hold', { held: 1 }, ['ParentAwaited']],
    ['by filter', 'filter', { filtered: 1 }, []],
    ['by fail', 'fail', { errored: 1 }, ['ParentMissing']],
  ] as const)('is dealt with as the definition says: %s', async (_how, whenParentMissing, sheet, errors) => {
    const p = process(looked, { whenParentMissing });
    p.destination.others.set('subject=H1', [{ type: 'subject', id: 's1', removed: true }]);
    p.system.put('R', 'r1', { parents: { subject: 'H1' } });
    expect((await p.sync('R')).sheet).toMatchObject({ read: 1, ...sheet });
    expect([failures(p), p.destination.stored.size]).toEqual([errors, 0]);
  });

  it('holds its record until it comes, however many are held, and the next state of it too', async () => {
    const p = fakeProcess({ R: { parents: written } }, { errors: { stopAfter: { consecutive: 3, share: 0.1, open: 5 } } });
    for (let n = 0; n < 60; n += 1) p.system.put('R', `r${n}`, { parents: { subject: `Patient/${n}` } });
    const first = await p.sync('R');
    expect([first.done, first.sheet]).toEqual([true, expect.objectContaining({ read: 60, held: 60 })]);
    // What was read already is held still, and asked for by the retries alone.
    p.system.asked.length = 0;
    expect((await p.sync('R', { after: null })).sheet).toMatchObject({ read: 60, held: 60 });
    expect(p.system.asked).toEqual([]);
    p.system.put('R', 'r0');
    expect((await p.sync('R')).sheet).toMatchObject({ read: 1, held: 1 });
    await p.heal();
    expect(p.rows.rows.size).toBe(60);
    for (let n = 0; n < 60; n += 1) origin(p, `Patient/${n}`, `s${n}`);
    await p.heal();
    expect([p.rows.rows.size, p.destination.stored.size, p.destination.violations]).toEqual([0, 60, []]);
  });

  it('holds what depends on its record, on that record’s row', async () => {
    const p = fakeProcess({ R: { parents: written }, T: { dependsOn: ['R'] } });
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    p.system.put('T', 't1', { parents: { R: 'r1' } });
    expect((await p.sync('T')).sheet).toMatchObject({ held: 1 });
    expect(p.rows.told).toEqual(['errored R r1', 'held T t1 on R r1']);
    origin(p, 'Patient/1', 's1');
    await p.heal();
    expect([p.rows.rows.size, [...p.destination.stored.keys()]]).toEqual([0, ['R r1', 'T t1']]);
  });

  it('is said by a record that is run again for somebody to see', async () => {
    const p = process(written);
    p.system.put('R', 'r1', { parents: { subject: 'Patient/1' } });
    const run = await dryRun('r1', 'R', p.parts, noContext());
    expect([run.outcome, errorOf(run)]).toEqual([{ result: 'held', error: expect.objectContaining({ code: 'ParentAwaited' }) }, undefined]);
  });
});

describe('a missing parent of the same direction', () => {
  it.each([
    ['filter', { filtered: 1 }, []],
    ['fail', { errored: 1 }, ['ParentMissing']],
  ] as const)('is not brought over where it says %s', async (whenParentMissing, sheet, errors) => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'], whenParentMissing } });
    p.system.put('A', 'a1');
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    expect((await p.sync('B')).sheet).toMatchObject({ read: 1, brought: 0, ...sheet });
    expect(failures(p)).toEqual(errors);
    // It comes with its parent, or by itself once that is there.
    await p.sync('A');
    await p.heal();
    expect([[...p.destination.stored.keys()], p.rows.rows.size]).toEqual([['A a1', 'B b1'], 0]);
  });
});
