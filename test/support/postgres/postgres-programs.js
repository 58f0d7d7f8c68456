import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'postgres', 'pg_isready'];

/** The folder of PostgreSQL's programs: on the PATH, or the newest of Debian's; undefined where there is none. */
export function postgresPrograms(env = process.env) {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  return folders.find((folder) => NEEDED.every((name) => existsSync(join(folder, name))));
}

/** PostgreSQL refuses to run as root: then the user it runs as, `postgres` or else `nobody`; `{}` for anyone else. */
export function postgresUser() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option, name) => Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // The next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.');
}
