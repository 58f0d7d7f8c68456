import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planDigest } from '../../src/assembly/plan-digest.js';
import type { ProcessPlan } from '../../src/sync/plan-types.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { isWell, planText } from '../../src/cli/plan-text.js';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import type { SavedBookmark } from '../../src/model/bookmark.js';
import type { Sheet } from '../../src/model/sheet.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation, personalValues } from '../../src/simulators/avni/generate.js';
import { Random } from '../../src/simulators/avni/random.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { planTypes, type PlanWork } from '../../src/sync/plan-types.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { clinicEnv } from '../support/clinic.js';
import { copyClinic } from '../support/clinic-folder.js';
import { HOSPITAL, HospitalDesk, recordsOf, stampsOf } from '../support/hospital.js';
import { observe, someEnrolment } from '../support/organisation.js';

const http = createHttp();
const c = (): Context => ({ signal: new AbortController().signal, http, log: silent });
const organisation = generateOrganisation({ seed: 31, records: 90 });
const { subject, enrolment } = someEnrolment(organisation);
const target = { address: '127.0.0.1:7233', namespace: 'default' };
let avni: AvniSimulator;
let fhir: FhirSimulator;

beforeAll(async () => {
  avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
});
afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

async function open(path: string, process = 'clinic/maternal-health'): Promise<ActiveProcess> {
  const store = new IntegrationStore({ path, connectorTypes, env: clinicEnv(avni.url, fhir.url), log: silent });
  const found = await store.find(process);
  if ('missing' in found) throw new Error(found.message);
  return found.active;
}

/** The clinic definition with changes. */
async function clinicWith(...changes: [string, string][]): Promise<ActiveProcess> {
  const folder = await copyClinic(changes);
  try {
    return await open(folder.path);
  } finally {
    await folder.remove();
  }
}

/** A plan; nothing in either system may be another afterwards. */
async function planOf(active: ActiveProcess, request: Partial<PlanWork> = {}, showValues = false): Promise<ProcessPlan> {
  const before = stampsOf(avni.organisation, fhir.repository);
  const until = new Date(Date.now() + 1).toISOString();
  const work = { limit: 10_000, pageSize: () => 100, horizonOf: () => Promise.resolve(until), showValues };
  const types = await planTypes(active.parts, { bookmarks: {}, ...work, ...request }, c());
  expect(stampsOf(avni.organisation, fhir.repository)).toBe(before);
  return { digest: planDigest(active), types };
}

const sheetsOf = ({ types }: ProcessPlan): Record<string, Sheet | undefined> =>
  Object.fromEntries(types.map(({ entityType, next }) => [entityType, next?.sheet]));

/** A run for real, from these bookmarks, which it moves; without Temporal. */
async function run({ process, parts }: ActiveProcess, bookmarks: Record<string, SavedBookmark>): Promise<Record<string, Sheet>> {
  const until = new Date(Date.now() + 1).toISOString();
  const rows = new MemoryRows();
  const passed = Object.fromEntries(process.entityTypes.map(({ name }) => [name, bookmarks[name]?.at ?? null]));
  const sheets: Record<string, Sheet> = {};
  for (const { name } of process.entityTypes) {
    const type = parts[name];
    if (!type) throw new Error(name);
    const given = { after: bookmarks[name] ?? null, until, limit: 100, shouldYield: () => false, onProgress: () => undefined };
    const result = await syncChanges(type, { ...given, rows, passed }, c());
    if (!result.bookmark) throw new Error('It did not move');
    sheets[name] = result.sheet;
    bookmarks[name] = result.bookmark;
    passed[name] = result.bookmark.at;
  }
  return sheets;
}

describe('the plan of a process', () => {
  it('tells what the run then does, and neither writes nor moves anything, whatever changed', async () => {
    const active = await clinicWith();
    const bookmarks: Record<string, SavedBookmark> = {};
    const random = new Random(5);
    for (let round = 0; round < 3; round += 1) {
      const plan = await planOf(active, { bookmarks: structuredClone(bookmarks) });
      expect(sheetsOf(plan)).toEqual(await run(active, bookmarks));
      if (round === 0) expect(plan.types[0]?.next?.sheet.created).toBeGreaterThan(10);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const live = organisation.all().filter(({ kind }) => kind !== 'task');
      for (const record of live.filter(() => random.chance(0.15)))
        if (record.voided || random.chance(0.3)) organisation.change(record.id, { voided: !record.voided });
        else observe(organisation, record.id, record.kind === 'subject' ? { 'Last name': `Name ${round}` } : { Weight: 10 + round });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const planned = await planOf(active, { bookmarks });
    expect(planned.types.flatMap(({ next }) => Object.entries(next?.elements ?? {})).length).toBeGreaterThan(0);
    await run(active, bookmarks);

    // Another definition: what was written would be altered by a rewind, and by that alone.
    const changed = await clinicWith(['"country": "IN"', '"country": "India"']);
    const wouldAlter = await planOf(changed, { bookmarks, since: '2000-01-01T00:00:00.000Z', entityTypes: ['Beneficiary'] });
    const [type] = wouldAlter.types;
    const { updated = 0 } = type?.behind?.sheet ?? {};
    expect(updated).toBeGreaterThan(10);
    expect(type?.behind?.elements).toEqual({ 'address.country': updated });
    expect(type?.next?.sheet).toMatchObject({ read: 0, updated: 0 });
    expect(wouldAlter.digest).not.toBe(planned.digest);
    expect((await planOf(active, { bookmarks })).digest).toBe(planned.digest);
  });

  it('tells what fails with its remedy, and shows no value of a person unless that is asked for', async () => {
    organisation.change(subject.id, { voided: false });
    organisation.change(enrolment.id, { voided: false });
    observe(organisation, subject.id, { Gender: 'No such gender' });
    for (const { resourceType, id } of fhir.repository.all()) fhir.repository.remove(resourceType, id);
    const active = await clinicWith();
    const plan = await planOf(active);
    const [first] = plan.types;
    expect(first?.failures).toMatchObject([{ count: 1, id: subject.id, error: { errorType: 'CodeMissing', remedy: expect.any(String) } }]);
    expect(plan.types.find(({ entityType }) => entityType === 'Enrolment')?.next?.sheet.held).toBeGreaterThan(0);
    expect(isWell(plan)).toBe(false);
    const text = planText('clinic/maternal-health', plan, target);
    expect(text).toMatch(
      /Beneficiary\n {2}The next run, from the beginning.*would be created[^]*1 would fail[^]*CodeMissing[^]*What to do:/,
    );
    expect(text).toContain(`--name runNow --input '{"plan":"${plan.digest}"}'`);
    const personal = personalValues(organisation).filter((value) => value.length > 3);
    expect(personal.filter((value) => JSON.stringify(plan).includes(JSON.stringify(value)))).toEqual([]);
    const shown = JSON.stringify(await planOf(active, {}, true));
    expect(personal.some((value) => shown.includes(JSON.stringify(value)))).toBe(true);
  });

  it('reads no more than is asked for, and tells of a system that is down', async () => {
    const active = await clinicWith();
    const [cut] = (await planOf(active, { limit: 5, entityTypes: ['Growth'] })).types;
    expect(cut?.next).toMatchObject({ more: true });
    expect(cut?.next?.sheet.read).toBeLessThan(12);
    fhir.faults.push({ path: '/fhir', do: { respond: { status: 503 } } });
    const { types } = await planOf(active);
    expect(types[0]).toMatchObject({ entityType: 'Beneficiary', stopped: { code: 'Unavailable' } });
    fhir.faults.length = 0;
    avni.faults.push({ path: '/api', do: { respond: { status: 503 } } });
    const down = (await planOf(active)).types.map(({ stopped, next }) => [stopped?.code, next?.sheet.read]);
    expect(down).toEqual(down.map(() => ['Unavailable', 0]));
    avni.faults.length = 0;
  });

  it('tells how many records phones would download', async () => {
    const active = await open(HOSPITAL, 'hospital/care');
    new HospitalDesk(fhir.repository).register('MRN-9', 'Rao');
    const horizonOf = () => Promise.resolve(new Date(Date.now() + 1000).toISOString());
    const { types } = await planOf(active, { entityTypes: ['Registration'], horizonOf });
    expect(types).toMatchObject([{ downloads: { by: 'phones', records: 1 }, next: { sheet: { created: 1 } } }]);
    expect(recordsOf(organisation, 'EMR patient')).toEqual([]);
  });
});
