import { SystemFailure } from '../errors/system-failure.js';

/**
 * The same part of a connector, whose failures name the system they are of: what is carried from
 * one to another must know which one is down.
 */
export function nameFailures<T extends object>(system: string, part: T): T {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => named(system, Reflect.apply(value, target, given));
    },
  });
}

function named(system: string, result: unknown): unknown {
  if (result instanceof Promise) return result.catch((error: unknown) => rethrow(system, error));
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result)
    return namedEach(system, result as AsyncIterable<unknown>);
  return result;
}

async function* namedEach(system: string, each: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* each;
  } catch (error) {
    rethrow(system, error);
  }
}

function rethrow(system: string, error: unknown): never {
  if (error instanceof SystemFailure) error.system ??= system;
  throw error;
}
