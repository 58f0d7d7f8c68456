import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pino } from 'pino';
import { CLIPPED } from '../../log-clipped.js';
import { keepHeapSmall } from '../../temporal/keep-heap-small.js';
import { TASK_QUEUE } from '../../../workflows/ids.js';
import { Told, type Io } from '../io.js';

/** `sangam worker`: runs the processes of a folder of definitions until it is told to end. */
export function workerCommand(program: Command, io: Io): void {
  program
    .command('worker')
    .description('run the integration processes of a folder of definitions')
    .option('--integrations <folder>', 'folder of definitions', 'integrations')
    .option('--task-queue <name>', 'Temporal task queue', TASK_QUEUE)
    .action(async ({ integrations, taskQueue }: { integrations: string; taskQueue: string }) => {
      keepHeapSmall();
      const { runWorker } = await import('../../temporal/run-worker.js');
      const given = io.env['LOG_LEVEL'];
      const level = given === undefined || given === '' ? 'info' : given;
      const levels = [...Object.keys(pino.levels.values), 'silent'];
      if (!levels.includes(level)) throw new Told(`LOG_LEVEL takes ${levels.join(', ')}, not “${level}”.`);
      const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, ...CLIPPED });
      // Before it asks anything of Temporal: a folder that is named wrongly is not one whose
      // definitions come later.
      if (!existsSync(integrations)) throw new Told(`--integrations: there is no file or folder ${resolve(integrations)}.`);
      const health = io.env['SANGAM_HEALTH'];
      await runWorker({
        integrations,
        taskQueue,
        env: io.env,
        log,
        signal: io.signal,
        ...(health !== undefined && health !== '' ? { health } : {}),
      });
    });
}
