import { bytesOf } from '../src/model/clean.js';
import type { Stop } from '../src/model/stop.js';
import { previewSome } from '../src/sync/preview-some.js';
import type { PreviewInput, PreviewResult } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { lookAtOne, MAX_BYTES } from './look-at.js';

/** What records would come to, with their values masked. Nothing is written. */
export async function previewRecords(input: PreviewInput, dependencies: ActivityDependencies): Promise<PreviewResult> {
  const { id, sample = 1, entityType } = input;
  const wanted = id === undefined ? { sample, until: new Date(dependencies.now()).toISOString() } : { id };
  const answer = await lookAtOne(input, dependencies, async ({ parts }, c): Promise<Partial<PreviewResult>> => {
    const previews = await previewSome(wanted, entityType, parts, { showValues: false }, c);
    return bytesOf(previews) > MAX_BYTES ? { stopped: tooLarge } : { previews };
  });
  return { previews: [], ...answer };
}

const tooLarge: Stop = {
  code: 'TooLarge',
  message: 'The preview is larger than what a worker may answer.',
  remedy: 'Ask for fewer records, or add --show-values, which runs it here.',
  needs: 'person',
};
