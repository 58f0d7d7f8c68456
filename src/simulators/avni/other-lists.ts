import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import { envelope } from './envelope.js';
import { instantOf, pageOf } from './parameters.js';
import type { RequestContext } from './request-context.js';

/**
 * Lists that are always empty here, with what they ask for; `undefined` for another path. @throws
 * Refusal
 */
export function answerOtherLists({ request }: RequestContext): SimulatedResponse | undefined {
  const { path } = request;
  const { size } = pageOf(request);
  if (path !== '/api/approvalStatuses') return undefined;
  instantOf(request, 'lastModifiedDateTime');
  return packed(request, envelope([], 0, size));
}
