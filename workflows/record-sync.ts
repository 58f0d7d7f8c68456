import { marked } from '../src/model/markdown.js';
import { checkChildInput } from './check-input.js';
import type { RecordSyncInput } from './contracts.js';
import { write, writingActivities } from './writing.js';
import type { RecordSyncResult } from '../src/model/turns.js';

/** Brings one record over, since somebody asked for it. Failure comes back as data. */
export async function recordSync(input: RecordSyncInput): Promise<RecordSyncResult> {
  checkChildInput('recordSync', input);
  const { process, entityType, id, timing } = input;
  const { syncRecord } = writingActivities(timing);
  const summary = marked`${entityType} ${id.slice(0, 100)}`.text;
  const result = await write(
    () => syncRecord.executeWithOptions({ summary }, [{ v: 1, process, entityType, id }]),
    `Bringing over one record of ${entityType}`,
    'your next request',
  );
  return 'wordless' in result ? { v: 1, what: 'failing', hadRow: false, ...result.wordless } : { v: 1, ...result };
}
