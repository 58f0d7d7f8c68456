import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findTemporal } from '../../../dist/src/temporal/find-temporal.js';
import { composeJob } from './compose-job.js';
import { freePorts } from './free-ports.js';
import { postgresPrograms, postgresUser } from './postgres-programs.js';
import { startPostgres } from './start-postgres.js';
import { startServer } from './start-server.js';
import { temporalPrograms } from './temporal-programs.js';

/**
 * A Temporal service on a PostgreSQL of its own, set up by the jobs of docker-compose.yml: its address, and `end`, which leaves nothing behind.
 *
 * @throws Error in words.
 */
export async function startService(log) {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed: its programs initdb, postgres and pg_isready were not found.');
  const servers = await temporalPrograms({ log });
  const cli = await findTemporal({ env: process.env, log });
  const folder = await mkdtemp(join(tmpdir(), 'sangam-postgres-'));
  const [port] = await freePorts(1);
  const postgres = await startPostgres({ programs, user: postgresUser(), folder, port });
  const started = [postgres.server];
  const end = async () => {
    for (const each of started.toReversed()) await each.end();
  };
  try {
    const { host, user, password } = postgres.connection;
    const sql = { SQL_PLUGIN: 'postgres12', SQL_HOST: host, SQL_PORT: String(port), SQL_USER: user, SQL_PASSWORD: password };
    await composeJob('schema', { folders: [servers], env: sql });
    const program = join(servers, 'temporal-server');
    const { server, address } = await startServer({ program, connection: postgres.connection, folder });
    started.push(server);
    await composeJob('namespace', { folders: [dirname(cli.path)], env: { TEMPORAL_ADDRESS: address } });
    return { address, end };
  } catch (error) {
    await end();
    throw error;
  }
}
