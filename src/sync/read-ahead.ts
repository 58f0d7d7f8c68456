/**
 * Gives what an iterable gives, reading the next one while the last is worked on. An error of
 * reading comes at its turn.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> => {
    const reading = iterator.next();
    // It may fail before anyone awaits it.
    reading.catch(() => undefined);
    return reading;
  };
  let reading = next();
  try {
    for (;;) {
      const { done, value } = await reading;
      if (done) return;
      reading = next();
      yield value;
    }
  } finally {
    await reading.catch(() => undefined);
    await iterator.return?.();
  }
}
