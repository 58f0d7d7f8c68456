import type { Command } from 'commander';
import { connect, expectNamespace } from '../../temporal/connect.js';
import { registerSearchAttributes, searchAttributes } from '../../temporal/register-search-attributes.js';
import type { Io } from '../io.js';

/** `sangam setup`: registers the search attributes in the namespace. */
export function setupCommand(program: Command, io: Io): void {
  program
    .command('setup')
    .description('register the search attributes in the Temporal namespace')
    .action(async () => {
      const { connection, namespace } = await connect();
      await expectNamespace(connection, namespace);
      const added = await registerSearchAttributes(connection, namespace);
      await connection.close();
      io.out(
        added.length > 0
          ? `Registered in ${namespace}: ${added.join(', ')}`
          : `All there in ${namespace}: ${Object.keys(searchAttributes).join(', ')}`,
      );
    });
}
