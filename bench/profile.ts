// `node dist/bench/profile.js [bundle]`: where the time of a first load goes, by share of the
// processor time of the process that runs the pipeline.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStub } from './support/stub.js';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

const [bundle = '100'] = process.argv.slice(2);
const [avni, fhir] = [await startStub('avni', 20_000, 20), await startStub('fhir', 5)];
const folder = mkdtempSync(join(tmpdir(), 'sangam-profile-'));
try {
  const script = fileURLToPath(new URL('runs/pipeline.js', import.meta.url));
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', folder, script, avni.url, fhir.url, bundle, '200'], { stdio: 'ignore' });
  const profile = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')) as Profile;
  for (const [room, share] of shares(profile)) console.log(`${(100 * share).toFixed(1).padStart(5)} %  ${room}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await avni.stop();
  await fhir.stop();
}

/** Share of the time that was not idle, by room, largest first. */
function shares({ nodes, samples, timeDeltas }: Profile): [string, number][] {
  const rooms = new Map(nodes.map(({ id, callFrame }) => [id, roomOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const room = rooms.get(id) ?? 'other';
    if (room !== '(idle)') times.set(room, (times.get(room) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([room, time]): [string, number] => [room, time / all]).sort((a, b) => b[1] - a[1]);
}

function roomOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const place = /node_modules\/((?:@[^/]+\/)?[^/]+)|dist\/(src\/(?:connectors\/)?[^/]+)/.exec(url);
  if (place) return place[1] ?? place[2] ?? 'other';
  if (url.startsWith('node:')) return /zlib|_http|net|stream|tls|url|buffer|events/.test(url) ? 'Node: HTTP and sockets' : 'Node: other';
  return functionName.startsWith('(') ? functionName : `Node: ${/write|read|shutdown/i.test(functionName) ? 'HTTP and sockets' : 'other'}`;
}
