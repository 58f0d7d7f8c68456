import { ApplicationFailure } from '@temporalio/activity';

/**
 * The worker goes down with nothing in flight: another may take over at once, from the last
 * heartbeat.
 */
export function handedOver(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WorkerShutdown',
    message: 'The worker is shutting down; another goes on.',
    nextRetryDelay: '1 second',
  });
}
