import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSchema } from './create-schema.js';
import { freePorts } from './free-ports.js';
import { postgresPrograms, postgresUser } from './postgres-programs.js';
import { startPostgres } from './start-postgres.js';
import { startServer } from './start-server.js';
import { temporalPrograms } from './temporal-programs.js';

/** A Temporal service on a PostgreSQL of its own: its address, and `end`, which leaves nothing behind. @throws Error in words. */
export async function startService(log) {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed: its programs initdb, postgres and pg_isready were not found.');
  const { server: program, schemaTool } = await temporalPrograms({ log });
  const folder = await mkdtemp(join(tmpdir(), 'sangam-postgres-'));
  const [port] = await freePorts(1);
  const postgres = await startPostgres({ programs, user: postgresUser(), folder, port });
  try {
    await createSchema(schemaTool, postgres.connection);
    const { server, address } = await startServer({ program, connection: postgres.connection, folder });
    const end = async () => {
      await server.end();
      await postgres.server.end();
    };
    return { address, end };
  } catch (error) {
    await postgres.server.end();
    throw error;
  }
}
