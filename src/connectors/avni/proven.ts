import type { Context, Instant, Page } from '../connector.js';
import type { KnownType } from './known-type.js';

/**
 * Pages of changes, the empty ones only where Avni is shown to know the type's name after it gave
 * them: a page of records shows it for all before, else Avni is asked. So no bookmark moves past
 * records that are not listed any more since their type was renamed in the middle of a reading.
 *
 * @throws SystemFailure `UnknownType`
 */
export async function* proven(pages: AsyncIterable<Page>, until: Instant, known: KnownType, c: Context): AsyncGenerator<Page> {
  for await (const page of pages) {
    const { records, bookmark } = page;
    const isLast = bookmark.at >= until && bookmark.place === undefined;
    known.saw(records.find((record) => 'body' in record)?.id);
    if (records.length === 0 && !isLast) continue;
    if (records.length === 0) await known.expect(c);
    yield page;
  }
}

/**
 * Children of a record: that there are none is believed only of a type whose name Avni knows.
 * @throws SystemFailure `UnknownType`
 */
export async function* surely<T>(children: AsyncIterable<T>, known: KnownType, c: Context): AsyncGenerator<T> {
  let some = false;
  for await (const child of children) {
    some = true;
    yield child;
  }
  if (!some) await known.expectLately(c);
}
