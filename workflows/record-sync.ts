import { marked } from '../src/model/markdown.js';
import { checkRecordInput } from './check-input.js';
import type { RecordSyncInput, RecordSyncResult } from './contracts.js';
import { write, writingActivities } from './writing.js';

/** Brings one record over, since somebody asked for it. Failure comes back as data. */
export async function recordSync(input: RecordSyncInput): Promise<RecordSyncResult> {
  checkRecordInput(input);
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
