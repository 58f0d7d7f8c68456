import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { isWhole, traceText } from '../../src/cli/trace-text.js';
import { isInStep, reconcileText } from '../../src/cli/reconcile-text.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation, personalValues } from '../../src/simulators/avni/generate.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { Resource } from '../../src/simulators/fhir/resource.js';
import type { TypeReconciliation } from '../../src/sync/reconcile/reconciliation.js';
import { trace } from '../../src/sync/trace.js';
import { reconcileTypes, type ReconcileWork } from '../../src/sync/reconcile/reconcile-types.js';
import { resourceId } from '../../src/connectors/derived-id.js';
import { clinic } from '../support/clinic.js';
import { HospitalDesk, hospital, recordsOf, stampsOf } from '../support/hospital.js';
import { observe } from '../support/organisation.js';
import { syncAll } from '../support/sync/sync-all.js';

const http = createHttp();
let organisation: AvniOrganisation;
let avni: AvniSimulator;
let fhir: FhirSimulator;
let active: ActiveProcess;
/** Called behind each answer, with what was asked. */
let onAnswer: (asked: string) => void = () => undefined;

const c = (): Context => ({
  signal: new AbortController().signal,
  log: silent,
  http: {
    send: async (request) => {
      const answer = await http.send(request);
      onAnswer(`${request.method} ${new URL(request.url).pathname}`);
      return answer;
    },
    close: () => undefined,
  },
});

beforeAll(async () => {
  organisation = generateOrganisation({ seed: 44, records: 70 });
  avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
  active = await clinic(avni.url, fhir.url);
});
afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});
beforeEach(async () => {
  onAnswer = () => undefined;
  await new Promise((resolve) => setTimeout(resolve, 5));
  await syncAll(active, c());
});

async function reconcile(request: Partial<ReconcileWork> = {}, of = active): Promise<TypeReconciliation[]> {
  const before = stampsOf(organisation, fhir.repository);
  const until = new Date(Date.now() + 1).toISOString();
  const work = { bookmarks: {}, pageSize: () => 20, horizonOf: () => Promise.resolve(until), showValues: false, ...request };
  const types = await reconcileTypes(of.parts, work, c());
  if (onAnswer.length === 0) expect(stampsOf(organisation, fhir.repository)).toBe(before);
  return types;
}

const typeIn = (types: TypeReconciliation[], name: string): TypeReconciliation => {
  const type = types.find(({ entityType }) => entityType === name);
  if (!type) throw new Error(name);
  return type;
};

/** The first resource of a record, and all that has its origin. */
function resourcesOf(type: string, entityType: string, id: string): Resource[] {
  return fhir.repository.by(type, `tag urn:sangam:origin|clinic/maternal-health/${entityType}/${id}`);
}

/** Records that are written, of which no other depends on one. */
function visits(): string[] {
  return recordsOf(organisation, 'Growth monitoring').flatMap(({ id }) => (resourcesOf('Encounter', 'Growth', id).length > 0 ? [id] : []));
}

describe('both systems, record by record', () => {
  it('stand as they should after a run', async () => {
    const types = await reconcile();
    expect(isInStep({ types })).toBe(true);
    expect(types.map(({ found, failures, read }) => [found, failures, read > 5])).toEqual(types.map(() => [[], [], true]));
    const { counts, byMonth, byPlace } = typeIn(types, 'Beneficiary');
    const sum = (by: Record<string, { inStep?: number }>) => Object.values(by).reduce((all, { inStep = 0 }) => all + inStep, 0);
    expect([sum(byMonth), sum(byPlace)]).toEqual([counts.inStep, counts.inStep]);
    expect(Object.keys(byPlace).length).toBeGreaterThan(1);
  });

  it('differ by what is missing, different, doubled, or there and should not be; a run through the pipeline mends just that', async () => {
    const [gone = '', partly = '', other = '', doubled = '', vanished = ''] = visits();
    for (const each of [...resourcesOf('Encounter', 'Growth', gone), ...resourcesOf('Observation', 'Growth', gone)])
      fhir.repository.remove(each.resourceType, each.id);
    for (const { id } of resourcesOf('Observation', 'Growth', partly)) fhir.repository.remove('Observation', id);
    const [encounter] = resourcesOf('Encounter', 'Growth', other);
    if (encounter) fhir.repository.put({ ...encounter, status: 'planned' });
    const [twin] = resourcesOf('Encounter', 'Growth', doubled);
    if (twin) fhir.repository.put({ ...twin, id: 'a-copy' });
    const ghost = resourceId('clinic', 'Growth', [], 'of-nobody', 'visit');
    const tag = { system: 'urn:sangam:origin', code: 'clinic/maternal-health/Growth/of-nobody' };
    if (twin) fhir.repository.put({ ...twin, id: ghost, meta: { tag: [tag] } });
    const voided = organisation.get(vanished);
    organisation.change(vanished, { voided: true }, voided?.stamp);

    const types = await reconcile();
    const growth = typeIn(types, 'Growth');
    const found = new Map(growth.found.map(({ id, standing }) => [id, standing]));
    expect(Object.fromEntries(found)).toEqual({
      [gone]: 'missing',
      [partly]: 'missing',
      [other]: 'different',
      [doubled]: 'doubled',
      [vanished]: 'extra',
      'of-nobody': 'extra',
    });
    expect(growth.counts).toMatchObject({ missing: 2, different: 1, doubled: 1, extra: 2 });
    expect(growth.elements).toMatchObject({ status: 1 });
    expect(types.filter(({ entityType, found: others }) => entityType !== 'Growth' && others.length > 0)).toEqual([]);
    const text = reconcileText('clinic/maternal-health', { types });
    expect(text).toMatch(/2 missing, 1 different, 1 doubled, 2 extra[^]*By month:[^]*doubled: /);
    expect(personalValues(organisation).filter((value) => value.length > 3 && text.includes(value))).toEqual([]);
    fhir.repository.remove('Encounter', ghost);
    organisation.change(vanished, { voided: false });
    await syncAll(active, c());
    expect(isInStep({ types: await reconcile() })).toBe(true);
  });

  it('say nothing wrong of a record that changes while they are looked at', async () => {
    const [first = '', second = ''] = visits();
    const [encounter] = resourcesOf('Encounter', 'Growth', second);
    if (encounter) fhir.repository.remove('Encounter', encounter.id);
    let read = false;
    onAnswer = (asked: string) => {
      // Behind the look at the source: the process carries another state over at once.
      if (asked === 'GET /api/programEncounters' && !read) {
        read = true;
        observe(organisation, first, { Weight: 99 }, Date.now() + 60_000);
        const [weight] = resourcesOf('Observation', 'Growth', first);
        if (weight) fhir.repository.put({ ...weight, valueQuantity: { value: 99 } });
      }
      // Between both looks: what was missing has come.
      if (asked === `GET /api/programEncounter/${second}` && encounter) fhir.repository.put(encounter);
    };
    const { found, counts } = typeIn(await reconcile({ entityTypes: ['Growth'] }), 'Growth');
    expect([found, counts.changed]).toEqual([[], 1]);
    onAnswer = () => undefined;
    observe(organisation, first, { Weight: 98 });
  });

  it('are compared up to where the process got: what came later is still to come', async () => {
    const [late = ''] = visits();
    const at = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    observe(organisation, late, { Weight: 11 });
    const bookmarks = { Growth: { v: 1 as const, at } };
    expect(isInStep({ types: await reconcile({ bookmarks, entityTypes: ['Growth'] }) })).toBe(true);
    expect(typeIn(await reconcile({ entityTypes: ['Growth'] }), 'Growth').found).toEqual([{ id: late, standing: 'different' }]);
  });

  it('tell of a system that is down, and are not in step then', async () => {
    fhir.faults.push({ path: '/fhir', do: { respond: { status: 503 } } });
    const types = await reconcile();
    expect(types.map(({ stopped }) => stopped?.code)).toEqual(types.map(() => 'Unavailable'));
    expect(isInStep({ types })).toBe(false);
    expect(reconcileText('clinic/maternal-health', { types })).toMatch(/It stopped: Unavailable: .*\n.*What to do: /);
    fhir.faults.length = 0;
  });

  it('are traced for one record: from the topmost it depends on to all that depends on it', async () => {
    const [visit = ''] = visits();
    const enrolment = String(organisation.get(visit)?.body['Enrolment ID']);
    const subject = String(organisation.get(enrolment)?.body['Subject ID']);
    const [encounter] = resourcesOf('Encounter', 'Growth', visit);
    if (encounter) fhir.repository.put({ ...encounter, status: 'planned' });
    const before = stampsOf(organisation, fhir.repository);
    const found = await trace({ entityType: 'Enrolment', id: enrolment }, active.parts, c());
    expect(stampsOf(organisation, fhir.repository)).toBe(before);
    const [first, ...others] = found.records;
    expect(first).toMatchObject({ entityType: 'Beneficiary', id: subject, depth: 0, outcome: 'unchanged' });
    expect(others).toContainEqual(expect.objectContaining({ entityType: 'Enrolment', id: enrolment, depth: 1, outcome: 'unchanged' }));
    const own = others.find(({ id }) => id === visit);
    expect(own).toMatchObject({ depth: 2, outcome: 'updated' });
    expect(own?.written).toContainEqual({ type: 'Encounter', id: encounter?.id, would: 'update', elements: ['status'] });
    expect(new Set(others.map(({ id }) => id)).size).toBe(others.length);
    expect(isWhole(found)).toBe(false);
    const text = traceText(found, ({ id }) => (id === visit ? 'tried again after noon' : undefined));
    expect(text).toMatch(
      /^Beneficiary .*in step[^]*\n {2}Enrolment .*\n[^]*Encounter\/.* is different: status\n[^]*tried again after noon/,
    );
    const personal = personalValues(organisation).filter((value) => value.length > 3);
    expect(personal.filter((value) => JSON.stringify(found).includes(JSON.stringify(value)))).toEqual([]);
    observe(organisation, subject, { Gender: 'No such gender' });
    const failing = await trace({ entityType: 'Growth', id: visit }, active.parts, c());
    expect(failing.records[0]).toMatchObject({ id: subject, outcome: 'errored', error: { errorType: 'CodeMissing' } });
    expect(failing.records.map(({ outcome }) => outcome)).not.toContain('held');
    expect(traceText(failing, () => undefined)).toContain('CodeMissing');
    observe(organisation, subject, { Gender: 'Female' });
    const nobody = await trace({ entityType: 'Growth', id: 'nobody' }, active.parts, c());
    expect(nobody.records).toMatchObject([{ id: 'nobody', outcome: 'absent', written: [] }]);
  });

  it('keep to the same promises where records go into Avni, but for what it does not list', async () => {
    const desk = new HospitalDesk(fhir.repository, 60_000);
    desk.register('MRN-1', 'Rao');
    desk.register('MRN-2', 'Bhat');
    const care = await hospital(avni.url, fhir.url);
    await syncAll(care, c());
    const [written, other] = recordsOf(organisation, 'EMR patient');
    if (written) organisation.change(written.id, { voided: true });
    if (other) observe(organisation, other.id, { 'Last name': 'Changed' });
    const registration = typeIn(await reconcile({ entityTypes: ['Registration'] }, care), 'Registration');
    expect(registration.unlisted).toBe(true);
    expect(registration.counts).toMatchObject({ different: 2 });
  });
});
