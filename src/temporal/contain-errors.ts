import { ApplicationFailure, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { Cancelled } from '../errors/system-failure.js';
import type { Logger } from '../log.js';
import { expectSendable } from './payload-size.js';

/**
 * What leaves an activity as an error goes into history: an unexpected one is replaced by the words
 * `Defect` and its place in the code, since its own message may quote a record. A Temporal that
 * does not answer is tried again. Any other is not: the workflow shows it and goes on with the next
 * cycle.
 */
export function containErrors(log: Logger): ActivityInterceptorsFactory {
  return (context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        try {
          const result = await next(input);
          expectSendable(`The result of ${context.info.activityType}`, result);
          return result;
        } catch (error) {
          if (error instanceof TemporalFailure) throw error;
          if (error instanceof Cancelled) throw new CancelledFailure('Cancelled');
          // Nothing is lost by it: the heartbeat's bookmark lies before whatever Temporal did not
          // take.
          if (isUnanswered(error)) throw ApplicationFailure.retryable('Temporal did not answer', 'TemporalUnavailable');
          const { workflowExecution, activityType } = context.info;
          const name = error instanceof Error ? error.name : typeof error;
          log.error(
            { activity: activityType, workflow: workflowExecution?.workflowId, error: name, stack: frames(error) },
            'An activity failed unexpectedly',
          );
          throw ApplicationFailure.nonRetryable(`${name} at ${frames(error)[0] ?? 'an unknown place'}`, 'Defect');
        }
      },
    };
    return { inbound };
  };
}

/** gRPC's status for what will never be taken. */
const INVALID_ARGUMENT = 3;

/**
 * Whether Temporal may take the same another time; what it refuses as such, e.g. for its size,
 * would be tried for ever.
 */
function isUnanswered(error: unknown): boolean {
  const cause: unknown = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(cause)) return cause.code !== INVALID_ARGUMENT;
  return error instanceof ServiceError;
}

/** The frames of a stack without the message above them, and without folders of this machine. */
function frames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim().replace(/(?:file:\/\/)?\/[^\s()]*\/(?=(?:src|workflows|activities|node_modules|dist)\/)/, ''));
}
