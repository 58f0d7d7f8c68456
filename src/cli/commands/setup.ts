import type { Command } from 'commander';
import { connect, expectNamespace, placeText } from '../../temporal/connect.js';
import { registerSearchAttributes, searchAttributes } from '../../temporal/register-search-attributes.js';
import type { Io } from '../io.js';

/** `sangam setup`: registers the search attributes in the namespace. */
export function setupCommand(program: Command, io: Io): void {
  program
    .command('setup')
    .description('register the search attributes in the Temporal namespace')
    .action(async () => {
      const { connection, namespace, address } = await connect();
      const place = placeText({ address, namespace });
      await expectNamespace(connection, namespace);
      const added = await registerSearchAttributes(connection, namespace);
      await connection.close();
      io.out(
        added.length > 0
          ? `Registered at ${place}: ${added.join(', ')}`
          : `All there at ${place}: ${Object.keys(searchAttributes).join(', ')}`,
      );
    });
}
