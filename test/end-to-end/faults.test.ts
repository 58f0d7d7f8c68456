import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/simulators/server.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { PROCESS, withClinic, type ClinicWorld } from '../support/clinic-world.js';
import { selfSigned } from '../support/self-signed.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';
import { until } from '../support/until.js';

/** Something that goes wrong with one system, until `mend`. */
interface Case {
  name: string;
  system: 'avni' | 'fhir';
  code: string;
  /** What `status` has to say of it. */
  says: RegExp;
  breakIt(world: ClinicWorld, front: TlsFront): Promise<void> | void;
  mend(world: ClinicWorld, front: TlsFront): Promise<void> | void;
}

/** What somebody must mend; it is gone on with by itself all the same. */
const FOR_A_PERSON = ['Unauthorized', 'Forbidden'];

const OTHER_CERTIFICATE = selfSigned();

/** A fault of a simulated system, by the paths it concerns. */
function fault(system: Case['system'], name: string, code: string, says: RegExp, what: Fault): Case {
  return {
    name,
    system,
    code,
    says,
    breakIt: (world) => void world[system].faults.push(what),
    mend: (world) => {
      world[system].faults.length = 0;
    },
  };
}

function respond(status: number, body: unknown, headers: Record<string, string> = {}): Fault['do'] {
  return { respond: { status, body, headers } };
}

const STACK = 'java.lang.IllegalStateException: pool\n\tat org.avni.server.dao.SubjectDao.find(SubjectDao.java:12)';
const OUTSIDE = { ID: 'x', Voided: false, audit: { 'Last modified at': '2001-01-01T00:00:00.000Z' } };
const LACKING = 'User does not have privilege of type: ViewSubject for org.avni.server.domain.SubjectType with uuid: 1';
const AGAIN = { resourceType: 'Bundle', type: 'searchset', link: [{ relation: 'next', url: 'Patient?_count=1' }], entry: [] };

const everywhere = (system: Case['system']): Case[] => {
  const path = system === 'avni' ? '/api/' : '/fhir';
  return [
    {
      name: 'refuses connections',
      system,
      code: 'Unreachable',
      says: /No connection.*ECONNREFUSED.*url is right/,
      breakIt: (_world, front) => front.shut(),
      mend: (_world, front) => front.open(),
    },
    {
      name: 'shows a certificate nobody knows',
      system,
      code: 'TlsFailed',
      says: /certificate of https.*NODE_EXTRA_CA_CERTS/,
      breakIt: (_world, front) => front.present(OTHER_CERTIFICATE),
      mend: (_world, front) => front.present(KNOWN_CERTIFICATE),
    },
    fault(system, 'answers 401, again and again', 'Unauthorized', /refused \(401\).*Correct the credentials/, {
      path,
      do: respond(401, {}),
    }),
    fault(system, 'answers 404', 'NotFound', /404.*Correct the url/, { path, do: respond(404, '') }),
    fault(system, 'answers 429 with Retry-After', 'RateLimited', /too many requests.*waits as long as/, {
      path,
      do: respond(429, '', { 'retry-after': '1' }),
    }),
    fault(system, 'answers 500 with a stack trace', 'ServerError', /500.*log/, { path, do: respond(500, STACK) }),
    fault(system, 'answers 502', 'Unavailable', /not available \(502\).*tried again/, { path, do: respond(502, '<html>Bad Gateway') }),
    fault(system, 'answers 503', 'Unavailable', /not available \(503\).*tried again/, { path, do: respond(503, '') }),
    fault(system, 'does not answer', 'TimedOut', /did not answer within.*overloaded or hangs/, { path, do: 'hang' }),
    fault(system, 'answers with something that is not JSON', 'BadResponse', /not JSON.*sign-in page or a proxy/, {
      path,
      do: respond(200, '<html>Sign in</html>'),
    }),
    fault(system, 'cuts its answers short', 'BadResponse', /cut short.*proxy/, { path, do: 'truncate' }),
    fault(system, 'answers in another shape', 'BadResponse', /expected shape.*right kind of system/, {
      path,
      do: respond(200, { rows: [] }),
    }),
  ];
};

const KNOWN_CERTIFICATE = selfSigned();

const cases: Case[] = [
  ...everywhere('avni'),
  fault('avni', 'answers 403', 'Forbidden', /lacks the privilege ViewSubject.*Give the integration’s user/, {
    path: '/api/subjects',
    do: respond(403, LACKING),
  }),
  fault('avni', 'gives the same page again', 'BadResponse', /page repeats.*cache or proxy/, {
    path: '/api/subjects',
    do: respond(200, { content: [OUTSIDE], totalElements: 1, totalPages: 5, pageSize: 1 }),
  }),
  ...everywhere('fhir'),
  fault('fhir', 'answers 403 to a search', 'Forbidden', /not allowed \(403\).*privilege/, { path: '/fhir', do: respond(403, {}) }),
  fault('fhir', 'gives the same page again', 'BadResponse', /pages repeat/, { path: '/fhir/Patient', do: respond(200, AGAIN) }),
  fault('fhir', 'answers 503 to a write', 'Unavailable', /not available \(503\)/, { method: 'POST', path: '/fhir', do: respond(503, '') }),
  fault('fhir', 'answers a write with a page of a proxy', 'BadResponse', /not JSON|expected shape/, {
    method: 'POST',
    path: '/fhir',
    do: respond(200, '<html>Sign in</html>'),
  }),
  fault('fhir', 'does not answer a write', 'TimedOut', /did not answer/, { method: 'POST', path: '/fhir', do: 'hang' }),
];

/** Changes one beneficiary a moment ago, and gives the name she has now. */
function change({ avni }: ClinicWorld, turn: number): { id: string; name: string } {
  const living = avni.organisation.all().filter(({ kind, voided }) => kind === 'subject' && !voided);
  const { id = '', body } = living[turn % living.length] ?? {};
  const name = `Turn${turn}`;
  avni.organisation.change(
    id,
    { body: { observations: { ...(body?.['observations'] as object), 'First name': name } } },
    Date.now() - 1_500,
  );
  return { id, name };
}

function hasArrived({ fhir }: ClinicWorld, name: string): boolean {
  return fhir.repository.all('Patient').some(({ name: names }) => JSON.stringify(names).includes(name));
}

describe('a system that fails', () => {
  it('is told of in words, loses nothing, and is gone on with by itself: every failure, one after the other', async () => {
    const certificates = await mkdtemp(join(tmpdir(), 'sangam-ca-'));
    await writeFile(join(certificates, 'ca.pem'), KNOWN_CERTIFICATE.cert);
    const fronts = { avni: await startTlsFront(KNOWN_CERTIFICATE), fhir: await startTlsFront(KNOWN_CERTIFICATE) };
    const env = {
      AVNI_URL: fronts.avni.url,
      FHIR_URL: `${fronts.fhir.url}/fhir`,
      NODE_EXTRA_CA_CERTS: join(certificates, 'ca.pem'),
      SANGAM_REQUEST_TIMEOUT: '700',
      SANGAM_BACKOFF_LONGEST: '400',
    };
    try {
      await withClinic({ records: 60, edits: [AT_ONCE], env }, async (world) => {
        fronts.avni.passTo(world.avni.url);
        fronts.fhir.passTo(world.fhir.url);
        const handle = await world.start();
        await world.caughtUp();
        const wrong: string[] = [];
        for (const [turn, each] of cases.entries()) {
          const front = fronts[each.system];
          const changed = change(world, turn);
          await each.breakIt(world, front);
          await handle.signal('runNow');
          const needs = FOR_A_PERSON.includes(each.code) ? 'person' : 'system';
          const state = needs === 'person' ? 'stopped' : 'waiting';
          const status = await world.reaches(`${each.system} ${each.name}`, (s) => s.state === state && s.nextRun !== undefined);
          const { failure, words, nextRun } = status;
          const told = `${failure?.code}: ${failure?.message} ${failure?.remedy}`;
          if (failure?.code !== each.code || failure.needs !== needs || !each.says.test(told))
            wrong.push(`${each.system} ${each.name}: ${told}`);
          expect(words).toContain(failure?.remedy);
          expect(nextRun).toBeDefined();
          expect(hasArrived(world, changed.name)).toBe(false);
          await each.mend(world, front);
          await until(`${each.system} ${each.name}: the change arrives by itself`, () => hasArrived(world, changed.name), 90_000);
          await world.reaches('idle again', (s) => s.state === 'idle' && s.failure === undefined);
        }
        expect(wrong).toEqual([]);
        expect(await world.differences()).toEqual([]);
        expect((await world.client.workflow.getHandle(PROCESS).describe()).status.name).toBe('RUNNING');
      });
    } finally {
      await Promise.all([fronts.avni.shut(), fronts.fhir.shut(), rm(certificates, { recursive: true, force: true })]);
    }
  }, 300_000);
});
