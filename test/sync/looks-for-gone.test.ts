import { afterEach, describe, expect, it } from '@jest/globals';
import { LookAhead } from '../../activities/look-ahead.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { named } from '../../src/simulators/avni/metadata.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { clinicEnv } from '../support/clinic.js';
import { copyDefinition } from '../support/clinic-folder.js';
import { HOSPITAL, HospitalDesk, recordsOf } from '../support/hospital.js';

const HOUR = 3_600_000;
const REREAD: [string, string] = [
  'tag: "urn:hospital|registered-here" }',
  'tag: "urn:hospital|registered-here", deleted: reread, rereadHours: 1 }',
];
const ORIGIN: [string, string] = ['subject: EMR patient }', 'subject: EMR patient, origin: Sangam origin }'];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function load(edits: [string, string][], avni = 'http://localhost:1', fhir = 'http://localhost:1') {
  const folder = await copyDefinition({ folder: HOSPITAL, file: 'hospital.yaml' }, edits);
  closing.push(() => folder.remove());
  return new IntegrationStore({ path: folder.path, connectorTypes, env: clinicEnv(avni, fhir), log: silent }).find('hospital/care');
}

describe('a type that is read again at times for what is gone', () => {
  it('is refused where nothing in its destination says what came from where', async () => {
    expect(JSON.stringify(await load([REREAD]))).toMatch(
      /Registration is to look for records that are gone, by what stands in avni; but nothing there says/,
    );
    expect(await load([REREAD, ORIGIN])).toHaveProperty('active');
  });

  it('has those voided that its server has no more, once that time comes, and no others', async () => {
    const organisation = generateOrganisation({ seed: 3, records: 10 });
    organisation.metadata.concepts.push({ ...named('Sangam origin'), dataType: 'Text' });
    const avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
    const fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
    const http = createHttp();
    closing.push(
      () => http.close(),
      () => avni.close(),
      () => fhir.close(),
    );
    const found = await load([REREAD, ORIGIN], avni.url, fhir.url);
    if ('missing' in found) throw new Error(found.message);
    const { active } = found;
    const c: Context = { signal: new AbortController().signal, http, log: silent };
    const desk = new HospitalDesk(fhir.repository, HOUR);
    for (let n = 0; n < 5; n += 1) desk.register(`MRN-${n}`, `Rao ${n}`);
    const names = (): string[] =>
      recordsOf(organisation, 'EMR patient')
        .map(({ body }) => String((body['observations'] as Record<string, unknown>)['Last name']))
        .sort();
    await sync(active, undefined, Date.now(), c);
    expect(names()).toEqual(['Rao 0', 'Rao 1', 'Rao 2', 'Rao 3', 'Rao 4']);

    const [one, two] = fhir.repository.all('Patient').filter(({ name }) => /Rao [13]/.test(JSON.stringify(name)));
    for (const each of [one, two]) fhir.repository.remove('Patient', each?.id ?? '');
    const hour = Math.floor(Date.now() / HOUR) * HOUR;
    expect(await sync(active, hour + 1, hour + 2, c)).toMatchObject({ read: 0 });
    expect(names()).toHaveLength(5);
    expect(await sync(active, hour - 1, hour, c)).toMatchObject({ read: 2, removed: 2 });
    expect(names()).toEqual(['Rao 0', 'Rao 2', 'Rao 4']);
    expect(await sync(active, hour - 1, hour, c)).toMatchObject({ read: 0 });

    const due = await new LookAhead(active, c, () => false).ask(typeOf(active).definition, { v: 1, at: new Date(hour - 1).toISOString() });
    const rests = await new LookAhead(active, c, () => false).ask(typeOf(active).definition, {
      v: 1,
      at: new Date(hour + 1).toISOString(),
    });
    expect([due, rests]).toMatchObject([{ hasChanges: true }, { hasChanges: false }]);
  });
});

function typeOf({ parts }: ActiveProcess) {
  const type = parts['Registration'];
  if (!type) throw new Error('It is in the definition');
  return type;
}

/** Between two moments, or from the beginning. */
async function sync(active: ActiveProcess, after: number | undefined, until: number, c: Context) {
  const work = { limit: 100, shouldYield: () => false, onProgress: () => undefined, rows: new MemoryRows() };
  const bookmark = after === undefined ? null : { v: 1 as const, at: new Date(after).toISOString() };
  const result = await syncChanges(typeOf(active), { ...work, after: bookmark, until: new Date(until).toISOString() }, c);
  expect(result).toMatchObject({ done: true, bookmark: { at: new Date(until).toISOString() } });
  return result.sheet;
}
