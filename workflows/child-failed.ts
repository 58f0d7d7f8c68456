import type { Stop } from '../src/model/stop.js';

/** Why what a child did is not known. */
export function childFailed(child: string): Stop {
  return {
    code: 'ChildFailed',
    message: `The workflow ${child} ended without a result: it was terminated, or failed unexpectedly.`,
    remedy: 'Nothing is lost: it starts again from its bookmark at the next cycle. Signal runNow to start it at once.',
    needs: 'person',
  };
}
