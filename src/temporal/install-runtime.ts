import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '../log.js';

/**
 * Sends the SDK's own log lines, from warnings up, and what workflows tell to ours; once for each
 * process, before anything else of the SDK.
 */
export function installRuntime(log: Logger): void {
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const ours = meta?.['ours'] === true;
    if (level === 'INFO' && !ours) return;
    const fields = {
      ...(ours ? {} : { from: 'temporal' }),
      process: meta?.['process'],
      entityType: meta?.['entityType'],
      code: meta?.['code'],
      system: meta?.['system'],
      workflow: meta?.['workflowId'],
      activity: meta?.['activityType'],
      taskQueue: meta?.['taskQueue'],
      why: meta?.['why'],
    };
    if (level === 'ERROR') log.error(fields, message);
    else if (level === 'INFO') log.info(fields, message);
    else log.warn(fields, message);
  });
  // Signals are the worker command's own business: it hands the engine's work over before it stops.
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} } },
  });
}
