import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keep } from './keep.js';
import { ready } from './ready.js';

const run = promisify(execFile);

/** A PostgreSQL of its own in `folder`, on loopback; its files go with it. `user`: whom it runs as. */
export async function startPostgres({ programs, user, folder, port }) {
  const data = join(folder, 'data');
  const secret = join(folder, 'secret');
  const password = randomBytes(16).toString('hex');
  await mkdir(data, { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  if (user.uid !== undefined) for (const path of [folder, data, secret]) await chown(path, user.uid, user.gid);
  const cluster = ['-D', data, '--username=temporal', `--pwfile=${secret}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale'];
  await run(join(programs, 'initdb'), [...cluster, '--no-sync'], { ...user, cwd: '/' });
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    // What it holds is thrown away with the test run.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  const server = keep({
    command: join(programs, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    user,
    signal: 'SIGQUIT',
    output: join(folder, 'postgres.log'),
    remove: folder,
  });
  await ready('PostgreSQL', server, () => run(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]));
  return { server, connection: { host: '127.0.0.1', port, user: 'temporal', password } };
}
