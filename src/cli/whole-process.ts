import type { Client } from '@temporalio/client';
import type { SavedBookmark } from '../model/bookmark.js';
import { getOwn } from '../model/keyed.js';
import { lastBegun } from '../temporal/last-begun.js';
import { readBookmarks } from '../temporal/read-bookmarks.js';
import { Told, type Io } from './io.js';
import { expectNotPaused, withTemporal, type LookOptions } from './looking.js';
import { unknownType, withOpenProcess, type Opened } from './open-process.js';

/** Which types of a process are looked at, and where its definition is. */
export interface WholeOptions extends LookOptions {
  entityType?: string[];
  integrations: string;
}

/** Where a process got to, by entity type. */
export type Bookmarks = Record<string, SavedBookmark>;

/** Where a process got to; nowhere where none is known. */
export async function bookmarksOf(client: Client, process: string, { entityType = [] }: WholeOptions): Promise<Bookmarks> {
  return (await lastBegun(client, process)) ? readBookmarks(client, process, entityType) : {};
}

/**
 * Looks at a process here, with the credentials of this environment, from where it got to as far as
 * Temporal tells. @throws Told in words
 */
export function lookHere<T>(
  process: string,
  options: WholeOptions,
  io: Io,
  look: (opened: Opened, bookmarks: Bookmarks) => Promise<T>,
): Promise<T> {
  const { integrations, force, entityType: names = [] } = options;
  return withOpenProcess({ integrations, process }, io, async (opened) => {
    const unknown = names.find((name) => !getOwn(opened.active.parts, name));
    if (unknown !== undefined) throw new Told(unknownType(process, unknown, opened.active));
    const known = await withTemporal(async (client) => {
      if (force !== true) await expectNotPaused(client, process);
      return bookmarksOf(client, process, options);
    });
    return look(opened, known ?? {});
  });
}
