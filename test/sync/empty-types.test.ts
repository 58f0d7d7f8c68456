import { expect, it } from '@jest/globals';
import { SystemFailure } from '../../src/errors/system-failure.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { clinic } from '../support/clinic.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { noContext } from '../support/sync/fake-source.js';

const BEGIN = Date.parse('2025-01-01T00:00:00.000Z');

const two = { A: {}, B: { dependsOn: ['A'] } };

it('asks once, and for no parent’s children, where a type that was synced has no record', async () => {
  const p = fakeProcess(two);
  await p.sync('B');
  for (let n = 0; n < 45; n += 1) p.system.put('A', `a${n}`, { created: undefined });
  expect((await p.sync('A', { limit: 10 })).sheet.created).toBe(45);
  expect(p.system.asked).toEqual(['any B']);
});

it('asks for the children of each once the type has a record that it went by', async () => {
  const p = fakeProcess(two);
  p.system.put('A', 'a0', { voided: true });
  p.system.put('B', 'b0', { parents: { A: 'a0' } });
  await p.cycle();
  p.system.put('A', 'a0', { voided: false });
  p.system.put('A', 'a1', { created: undefined });
  p.system.asked.length = 0;
  await p.sync('A', { limit: 1 });
  expect([p.system.asked.filter((each) => each === 'any B').length, p.destination.stored.has('B b0')]).toEqual([1, true]);
});

it('does not take a type for empty by what was true in an earlier execution, or further back', async () => {
  const p = fakeProcess(two);
  await p.sync('B');
  p.system.put('A', 'a0', { voided: true });
  await p.sync('A');
  p.system.put('B', 'b0', { parents: { A: 'a0' } });
  await p.sync('B');
  p.system.put('A', 'a0', { voided: false });
  await p.sync('A');
  expect([...p.destination.stored.keys()].sort()).toEqual(['A a0', 'B b0']);
});

it('takes away the children of a record that goes, whatever is known of their type', async () => {
  const p = fakeProcess(two);
  p.system.put('A', 'a0');
  p.system.put('B', 'b0', { parents: { A: 'a0' } });
  await p.cycle();
  p.system.put('A', 'a0', { voided: true });
  const never = { ...p.parts['B']?.source, hasChanges: async () => false };
  Object.assign(p.parts['B'] ?? {}, { source: never });
  await p.sync('A');
  expect(p.destination.stored.size).toBe(0);
});

it('stops the parent where it cannot be found out, before anything is written', async () => {
  const p = fakeProcess(two);
  await p.sync('B');
  p.system.put('A', 'a0', { created: undefined });
  const fails = (): Promise<boolean> => Promise.reject(new SystemFailure({ code: 'Unavailable', message: 'Down.', remedy: 'Wait.' }));
  Object.assign(p.parts['B'] ?? {}, { source: { ...p.parts['B']?.source, hasChanges: fails } });
  expect(await p.sync('A')).toMatchObject({ done: false, stopped: { code: 'Unavailable' } });
  expect(p.destination.stored.size).toBe(0);
});

/**
 * Requests to Avni for a first load of subjects, where all other types are empty and got to there.
 * Each subject has a stamp of its own, so that a load always takes the same pages.
 */
async function requestsOf(passed: string | null): Promise<{ requests: number; types: number }> {
  const organisation = new AvniOrganisation();
  const subjects = generateOrganisation({ seed: 1, records: 600 })
    .all()
    .filter(({ kind }) => kind === 'subject');
  for (const [n, { kind, type, body }] of subjects.entries()) organisation.add(kind, type, body, { stamp: BEGIN + n * 1000 });
  const avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
  const fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  const http = createHttp();
  try {
    const { process, parts } = await clinic(avni.url, fhir.url);
    const type = parts[process.entityTypes[0]?.name ?? ''];
    if (!type) throw new Error('no first type');
    const { done, sheet } = await syncChanges(
      type,
      {
        after: null,
        until: new Date(Date.now() + 1).toISOString(),
        limit: 100,
        shouldYield: () => false,
        onProgress: () => undefined,
        rows: new MemoryRows(),
        passed: Object.fromEntries(process.entityTypes.map(({ name }) => [name, passed])),
      },
      { ...noContext(), http, log: silent },
    );
    expect([done, sheet.created > 20]).toEqual([true, true]);
    return { requests: avni.requests.length, types: Object.keys(type.children).length };
  } finally {
    http.close();
    await avni.close();
    await fhir.close();
  }
}

it('costs a first load of parents over Avni no request for each of them', async () => {
  const never = await requestsOf(null);
  const empty = await requestsOf(new Date(Date.now() + 60_000).toISOString());
  // One question a type, and what shows that its name is right.
  expect(empty.requests - never.requests).toBeLessThanOrEqual(3 * empty.types);
  expect(empty.requests).toBeGreaterThan(never.requests);
});
