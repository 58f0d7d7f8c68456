import type { ErrorsDefinition } from '../definition/definition.js';
import type { Classify, ErrorType } from './error-type.js';

/** The first type that matches wins; what none matches is `Unclassified`. */
export function classifier(types: readonly ErrorType[], unclassified: ErrorsDefinition['unclassified']): Classify {
  void types;
  return ({ code, message, remedy, status, path, expression }) => ({
    errorType: 'Unclassified',
    then: unclassified,
    code,
    message,
    remedy,
    ...(status !== undefined ? { status } : {}),
    ...(path !== undefined ? { path } : {}),
    ...(expression !== undefined ? { expression } : {}),
  });
}
