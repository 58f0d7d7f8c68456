import type { Command } from 'commander';
import { createHttp } from '../../http/create-http.js';
import { silent } from '../../log.js';
import type { Io } from '../io.js';
import { askSetUp } from '../saved-set-up.js';

/** `sangam metadata avni`: what an organisation has set up, as JSON, to be saved in a file. */
export function metadataCommand(program: Command, io: Io): void {
  program
    .command('metadata')
    .description('print what an organisation has set up: types, concepts with their answers, forms')
    .argument('<connector>', 'avni; its address and user come from AVNI_URL, AVNI_USERNAME and AVNI_PASSWORD')
    .action(async (connector: string) => {
      const http = createHttp();
      try {
        io.out(JSON.stringify(await askSetUp(connector, io.env, { signal: io.signal, http, log: silent }), null, 2));
      } finally {
        http.close();
      }
    });
}
