import type { ChangeSource, Page } from '../connectors/connector.js';

/** A source of which no more than about so many changes are read, a page at a time. */
export interface Limited {
  source: ChangeSource;
  /** Whether there was more to read, when changes were last read. */
  isCut(): boolean;
}

/** Reads as the source does, until a page brings it to `most` changes. */
export function limitedSource(source: ChangeSource, most: number): Limited {
  let read = 0;
  let cut = false;
  async function* changes(...given: Parameters<ChangeSource['changes']>): AsyncGenerator<Page> {
    const [, until] = given;
    read = 0;
    cut = false;
    for await (const page of source.changes(...given)) {
      read += page.records.length;
      cut = read >= most && !(page.bookmark.at >= until && page.bookmark.place === undefined);
      yield page;
      if (cut) return;
    }
  }
  const limited = Object.create(source, { changes: { value: changes } }) as ChangeSource;
  return { source: limited, isCut: () => cut };
}
