import { upsertMemo } from '@temporalio/workflow';
import { isSameBookmark, type Bookmark } from '../src/model/bookmark.js';
import { notBeyond } from '../src/model/believed.js';
import { marked } from '../src/model/markdown.js';
import { checkChildInput } from './check-input.js';
import type { EntitySyncInput, SyncChangesInput, SyncChangesResult } from './contracts.js';
import { addFindings } from '../src/model/findings.js';
import { addSheets, emptySheet } from '../src/model/sheet.js';
import { write, writingActivities, type Wordless } from './writing.js';
import type { EntitySyncResult } from '../src/model/turns.js';

/** What changes as it goes. */
interface Going {
  after: Bookmark | null;
  progress: EntitySyncResult;
  trial: SyncChangesInput['trial'];
}

/**
 * Runs one entity type from its bookmark towards the horizon, one activity after another, for one
 * turn at most. Failure comes back as data; it throws only for a bug. Its memo has its progress
 * after each activity.
 */
export async function entitySync(input: EntitySyncInput): Promise<EntitySyncResult> {
  checkChildInput('entitySync', input);
  const { bookmark, failing } = input;
  let going: Going = {
    after: input.after,
    trial: input.trial,
    progress: { v: 1, bookmark, sheet: emptySheet, findings: {}, done: false, ...(failing ? { failing } : {}) },
  };
  for (;;) {
    const result = await syncSome(input, going);
    if ('wordless' in result) return { ...going.progress, ...result.wordless };
    going = goOn(input, going, result);
    const { progress } = going;
    // The counts are for people: the process itself learns of them at the end.
    if (progress.bookmark) upsertMemo({ bookmarks: { [input.entityType]: progress.bookmark }, sheet: progress.sheet });
    if (result.done || result.stopped || result.cancelled || Date.now() >= input.turnEnds) return progress;
  }
}

function goOn({ systems, believed }: EntitySyncInput, { after, progress, trial }: Going, result: SyncChangesResult): Going {
  const moved = result.done || result.sheet.read > 0 || !isSameBookmark(result.bookmark, after);
  const { stopped, cancelled, rows } = result;
  const failing = result.failing ?? progress.failing;
  return {
    after: moved && result.bookmark ? result.bookmark : after,
    trial: stopped ? trial : undefined,
    progress: {
      v: 1,
      bookmark: moved && result.bookmark ? notBeyond({ ...result.bookmark, systems }, believed, progress.bookmark) : progress.bookmark,
      sheet: addSheets(progress.sheet, result.sheet),
      findings: addFindings(progress.findings, result.findings),
      done: result.done,
      ...(failing ? { failing } : {}),
      ...(stopped ? { stopped } : {}),
      ...(cancelled ? { cancelled } : {}),
      ...(rows ? { rows: { ...rows, ...(progress.rows?.parentsCame ? { parentsCame: true } : {}) } } : {}),
    },
  };
}

/** One activity of about a minute. */
function syncSome(
  { systems: _systems, bookmark: _bookmark, believed: _believed, trial: _trial, timing, turnEnds, ...told }: EntitySyncInput,
  { after, progress: { failing }, trial }: Going,
): Promise<SyncChangesResult | { wordless: Wordless }> {
  const { entityType } = told;
  const summary = marked`${entityType} after ${after?.at ?? 'the beginning'}`.text;
  const time = Math.max(0, turnEnds - Date.now());
  const input: SyncChangesInput = { ...told, after, time, ...(failing ? { failing } : {}), ...(trial ? { trial } : {}) };
  const { syncChanges } = writingActivities(timing);
  return write(() => syncChanges.executeWithOptions({ summary }, [input]), `Syncing ${entityType}`, 'the next cycle');
}
