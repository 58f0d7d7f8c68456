import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { previewText } from '../../src/cli/preview-text.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { Preview } from '../../src/sync/preview.js';
import { previewSome } from '../../src/sync/preview-some.js';
import { clinic } from '../support/clinic.js';
import { isWrite } from '../support/is-write.js';
import { observe, someEnrolment } from '../support/organisation.js';
import { syncAll } from '../support/sync/sync-all.js';

let avni: AvniSimulator;
let fhir: FhirSimulator;
let active: ActiveProcess;
const http = createHttp();
const context = (): Context => ({ signal: new AbortController().signal, http, log: silent });
const organisation = generateOrganisation({ seed: 12, records: 60 });
const { subject, enrolment } = someEnrolment(organisation);

beforeAll(async () => {
  avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
  active = await clinic(avni.url, fhir.url);
});
afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

async function one(entityType: string, id: string, showValues = true): Promise<Preview> {
  const [preview] = await previewSome({ id }, entityType, active.parts, { showValues }, context());
  if (!preview) throw new Error('No preview');
  return preview;
}

/** What was asked of both systems but to read, sign in, and validate. */
function writes(): string[] {
  const writing = fhir.requests.filter((each) => isWrite(each) && !each.includes('$validate'));
  return [...writing, ...avni.requests.filter((each) => !each.startsWith('GET ') && !/cognito|token|auth/i.test(each))];
}

describe('what a mapping would make of a record', () => {
  it('is told with what each expression gave, and what goes before and after it, with nothing written', async () => {
    const preview = await one('Enrolment', enrolment.id);
    expect(preview).toMatchObject({
      outcome: 'created',
      parents: [{ entityType: 'Beneficiary', id: subject.id }],
      before: [{ entityType: 'Beneficiary', id: subject.id, outcome: { kind: 'created' } }],
      writes: [{ resources: [{ type: 'EpisodeOfCare' }], outcome: { changes: [{ what: 'create' }] } }],
    });
    expect(preview.gave.map(({ expression }) => expression)).toEqual(['dependsOn.Beneficiary', 'map.main']);
    expect((await one('Beneficiary', subject.id)).children).toContainEqual({ entityType: 'Enrolment', ids: [enrolment.id] });
    expect(previewText(preview)).toMatch(
      /Enrolment .*\n {2}The record\n[^]*map\.main:[^]*created: EpisodeOfCare\/[^]*Before it\n.*Beneficiary/,
    );
    expect(writes()).toEqual([]);
    expect(fhir.repository.all()).toEqual([]);
  });

  it('shows no value of a record unless that is asked for, whatever the record', async () => {
    const personal = new Set(
      organisation
        .all()
        .flatMap(({ body }) => [...textsIn(body)])
        .filter((text) => text.length > 3),
    );
    const shown = new Set(organisation.all().flatMap(({ id, body }) => [id, String(body['Subject ID']), String(body['Enrolment ID'])]));
    const own = JSON.stringify(active.process.entityTypes.map(({ map, functions }) => [map, functions]));
    let masked = 0;
    for (const { name } of active.process.entityTypes) {
      const wanted = { sample: 10, until: new Date().toISOString() };
      const previews = await previewSome(wanted, name, active.parts, { showValues: false }, context());
      expect(previews).toHaveLength(10);
      const leaves = previews.flatMap((each) => [...textsIn(each)]);
      masked += leaves.filter((text) => text.startsWith('‹')).length;
      const versions = new Set(previews.map(({ version }) => version));
      const leaked = leaves.filter((text) => personal.has(text) && !shown.has(text) && !versions.has(text));
      // What the definition says word by word is nobody's.
      expect(leaked.filter((text) => !own.includes(JSON.stringify(text).replaceAll('"', '\\"')))).toEqual([]);
    }
    expect(masked).toBeGreaterThan(200);
    const whole = await one('Beneficiary', subject.id);
    expect([...textsIn(whole)].some((text) => personal.has(text))).toBe(true);
    expect(JSON.stringify(await one('Beneficiary', subject.id, false))).toContain('"resourceType":"Patient"');
    expect(writes()).toEqual([]);
  });

  it('tells what would change of what is stored, element by element', async () => {
    await syncAll(active, context());
    const before = writes().length;
    expect(await one('Beneficiary', subject.id)).toMatchObject({ outcome: 'unchanged', writes: [{ outcome: { kind: 'unchanged' } }] });
    const was = (organisation.get(subject.id)?.body['observations'] as Record<string, unknown>)['Last name'];
    observe(organisation, subject.id, { 'Last name': 'Quite Another' });
    const preview = await one('Beneficiary', subject.id);
    expect(preview.outcome).toBe('updated');
    expect(preview.writes[0]?.outcome.changes).toMatchObject([
      { what: 'update', type: 'Patient', elements: [{ path: 'name[0].family', from: was, to: 'Quite Another' }] },
    ]);
    expect(previewText(preview)).toContain(`name[0].family: ${JSON.stringify(was)} → "Quite Another"`);
    const masked = await one('Beneficiary', subject.id, false);
    expect(previewText(masked)).toContain(`name[0].family: "‹text of ${String(was).length}›" → "‹text of 13›"`);
    expect(writes().length).toBe(before);
  });

  it('says why one would fail, or wait, or is not there', async () => {
    observe(organisation, subject.id, { Gender: 'No such gender' });
    const failing = await one('Beneficiary', subject.id);
    expect(failing).toMatchObject({ outcome: 'errored', error: { errorType: 'CodeMissing' }, writes: [] });
    expect(previewText(failing)).toContain('No such gender');
    const masked = await one('Beneficiary', subject.id, false);
    expect(JSON.stringify(masked)).not.toContain('No such gender');
    expect(masked).toMatchObject({ error: { errorType: 'CodeMissing' } });
    expect(await one('Beneficiary', 'nobody')).toMatchObject({ outcome: 'absent', gave: [], writes: [] });
    expect(previewText(await one('Beneficiary', 'nobody'))).toContain('has no such record');
    organisation.change(enrolment.id, { voided: true });
    expect((await one('Enrolment', enrolment.id)).writes).toMatchObject([{ outcome: { changes: [{ what: expect.any(String) }] } }]);
  });
});

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsIn(each);
}
