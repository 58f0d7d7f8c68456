import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Temporal's two databases, by its own schema tool, as an operator makes them. */
export async function createSchema(schemaTool, { host, port, user, password }) {
  const env = { ...process.env, SQL_PLUGIN: 'postgres12', SQL_HOST: host, SQL_PORT: String(port), SQL_USER: user, SQL_PASSWORD: password };
  const both = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };
  for (const [database, schema] of Object.entries(both)) {
    const commands = [['create-database'], ['setup-schema', '-v', '0.0'], ['update-schema', '--schema-name', schema]];
    for (const command of commands) await run(schemaTool, ['--database', database, ...command], { env });
  }
}
